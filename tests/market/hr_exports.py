"""Pay lists as HR systems and people export them. All invented: layouts after public documents, people made up.

Written before the reader was run on any of them. Cells stand between bars; `people` is what each row must come to:
full-time pay a year in its own currency, the currency and the country ("" where nothing says it), or None where the
row must be refused.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

Outcome = tuple[float, str, str] | None


@dataclass(frozen=True)
class Layout:
    """One export: how it is written, and what must be understood."""

    name: str
    header: str
    rows: tuple[str, ...]
    columns: dict[str, str]
    personal: tuple[str, ...]
    people: tuple[Outcome, ...]
    mark: str = ","
    encoding: str = "utf-8"
    preface: tuple[str, ...] = field(default=())

    def write(self, folder: Path) -> Path:
        path = folder / f"{self.name}.csv"
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.mark, lineterminator="\r\n")
        for line in (*self.preface, self.header, *self.rows):
            writer.writerow([cell.strip() for cell in line.split("|")])
        path.write_bytes(text.getvalue().encode(self.encoding))
        return path


LAYOUTS = (
    Layout(
        "workday_en",
        "Employee ID|Worker|Business Title|Job Profile|Management Level|Compensation Grade"
        "|Total Base Pay Annualized - Amount|Total Base Pay Annualized - Currency|Frequency|Location|FTE %|Time Type"
        "|Worker Type|Hire Date|Bonus Target - Amount|Total Target Compensation",
        (
            (
                "7001|Ola Nord|Senior MLOps Engineer|Machine Learning Operations III|Individual Contributor|P4"
                "|181,500.00|USD|Annual|Denver, CO|100|Full time|Employee|2020-02-01|18,150.00|199,650.00"
            ),
            (
                "7002|Ana Lima|Senior MLOps Engineer|Machine Learning Operations III|Individual Contributor|P4"
                "|90,750.00|USD|Annual|Denver, CO|50|Part time|Employee|2020-02-01|9,075.00|99,825.00"
            ),
            (
                "7003|Max Frei|MLOps Engineer|Machine Learning Operations II|Individual Contributor|P3"
                "|84,000.00|EUR|Annual|Berlin, Germany|100|Full time|Employee|2020-02-01|0|84,000.00"
            ),
        ),
        {
            "title": "Business Title",
            "pay": "Total Base Pay Annualized - Amount",
            "currency": "Total Base Pay Annualized - Currency",
            "place": "Location",
            "fte": "FTE %",
        },
        ("Employee ID", "Worker"),
        ((181_500, "USD", "US"), (181_500, "USD", "US"), (84_000, "EUR", "DE")),
    ),
    Layout(
        "workday_monthly",
        "Worker|Job Title|Base Pay|Currency|Frequency|Country|FTE|Manager|Date of Birth",
        (
            "P. Q.|Data Engineer II|9,000|USD|Monthly|United States of America|1|R. S.|1990-01-01",
            "T. U.|Data Engineer II|4,500|GBP|Monthly|United Kingdom|0.5|R. S.|1991-01-01",
        ),
        {"title": "Job Title", "pay": "Base Pay", "period": "Frequency", "country": "Country", "fte": "FTE"},
        ("Worker", "Manager", "Date of Birth"),
        ((108_000, "USD", "US"), (108_000, "GBP", "GB")),
    ),
    Layout(
        "bamboo",
        "Employee #|First Name|Last Name|Job Title|Location|Pay Rate|Pay Per|Pay Type|Pay Schedule|Overtime Status"
        "|Effective Date|Work Email",
        (
            "11|Ann|Oak|Senior DevOps Engineer|Austin, TX|158000|Year|Salary|Twice a month|Exempt|03/01/2025|a@x.org",
            "12|Ben|Elm|DevOps Engineer|Austin, TX|71.50|Hour|Hourly|Every other week|Non-exempt|03/15/2025|b@x.org",
            "13|Cyn|Ash|DevOps Engineer|Austin, TX|11500|Month|Salary|Monthly|Exempt|03/01/2025|c@x.org",
        ),
        {"title": "Job Title", "pay": "Pay Rate", "period": "Pay Per", "place": "Location", "date": "Effective Date"},
        ("Employee #", "First Name", "Last Name", "Work Email"),
        ((158_000, "USD", "US"), (148_720, "USD", "US"), (138_000, "USD", "US")),
    ),
    Layout(
        "bamboo_currency_in_cell",
        "Name|Job Title|Level|Pay rate|Pay rate effective date|Paid per",
        (
            "A B|ML Engineer|Senior|USD 14,500.00|2025-02-01|Month",
            "C D|ML Engineer|Senior|95,000.00 GBP|2025-02-01|Year",
        ),
        {"title": "Job Title", "pay": "Pay rate", "period": "Paid per", "level": "Level"},
        ("Name",),
        ((174_000, "USD", "US"), (95_000, "GBP", "GB")),
    ),
    Layout(
        "hibob",
        "Display name|Email|Site|Department|Job title|Base salary|Salary pay period|Salary pay frequency|Currency"
        "|Effective date|Variable amount",
        (
            "A|a@x.org|London|ML|Senior MLOps Engineer|95,000|Annual|Monthly|GBP|01/04/2025|5,000",
            "B|b@x.org|New York|ML|Senior MLOps Engineer|190,000|Annual|Semi Monthly|USD|25/04/2025|5,000",
            "C|c@x.org|Tel Aviv|ML|Senior MLOps Engineer|38,000|Monthly|Monthly|ILS|25/04/2025|5,000",
        ),
        {
            "title": "Job title",
            "pay": "Base salary",
            "period": "Salary pay period",
            "currency": "Currency",
            "place": "Site",
        },
        ("Display name", "Email"),
        ((95_000, "GBP", "GB"), (190_000, "USD", "US"), (456_000, "ILS", "IL")),
    ),
    Layout(
        "hibob_fte",
        "Full name|Job title|Work - Site|Base salary|Base salary currency|Pay period|FTE|Weekly hours|Pronouns",
        (
            "A|Data Engineer|Amsterdam|3,200.00|EUR|Monthly|80%|32|they",
            "B|Data Engineer|Amsterdam|4,000.00|EUR|Monthly|100%|40|she",
        ),
        {"title": "Job title", "pay": "Base salary", "currency": "Base salary currency", "fte": "FTE"},
        ("Full name", "Pronouns"),
        ((48_000, "EUR", "NL"), (48_000, "EUR", "NL")),
    ),
    Layout(
        "personio_de",
        "Vorname|Nachname|Status|Büro|Abteilung|Position|Wochenstunden|Festgehalt|Gehaltsintervall|Währung|Geburtsdatum",
        (
            "A|M|aktiv|Berlin|ML|Senior MLOps Engineer|40|95.000,00 €|jährlich|EUR|01.02.1988",
            "B|N|aktiv|München|ML|MLOps Engineer|20|3.500,00 €|monatlich|EUR|01.02.1990",
            "C|O|aktiv|Hamburg|ML|MLOps Engineer|40|6.800,50|monatlich|EUR|01.02.1990",
        ),
        {
            "title": "Position",
            "pay": "Festgehalt",
            "period": "Gehaltsintervall",
            "currency": "Währung",
            "place": "Büro",
            "weekly_hours": "Wochenstunden",
        },
        ("Vorname", "Nachname", "Geburtsdatum"),
        ((95_000, "EUR", "DE"), (84_000, "EUR", "DE"), (81_606, "EUR", "DE")),
        mark=";",
    ),
    Layout(
        "personio_en",
        "First name|Last name|Status|Office|Department|Position|Weekly hours|Fix salary|Fix salary interval"
        "|Hourly salary|Gender|Supervisor",
        (
            "A|M|active|Munich|ML|Senior Data Engineer|40|7,250.00 EUR|monthly||female|X",
            "B|N|active|Munich|ML|Data Engineer|24|39,000.00 EUR|yearly||male|X",
            "C|O|inactive|Munich|ML|Data Engineer|40|60,000.00 EUR|yearly||male|X",
        ),
        {
            "title": "Position",
            "pay": "Fix salary",
            "period": "Fix salary interval",
            "place": "Office",
            "weekly_hours": "Weekly hours",
        },
        ("First name", "Last name", "Gender", "Supervisor"),
        ((87_000, "EUR", "DE"), (65_000, "EUR", "DE"), None),
        mark=";",
    ),
    Layout(
        "gusto",
        "Last name|First name|Employee ID|Department|Job title|Compensation|Compensation type|Pay schedule"
        "|Work address|Start date|Date of birth",
        (
            "Fir|Eve|5G9934|ML|Machine Learning Engineer|$172,000.00|Per year|Twice a month|Denver, CO|01/02/2022|x",
            "Yew|Gil|7H2211|ML|Machine Learning Engineer|$68.25|Per hour|Every other week|Denver, CO|01/02/2022|x",
        ),
        {"title": "Job title", "pay": "Compensation", "period": "Compensation type"},
        ("Last name", "First name", "Employee ID", "Date of birth", "Start date"),
        ((172_000, "USD", "US"), (141_960, "USD", "US")),
    ),
    Layout(
        "gusto_units",
        "Employee|Title|Rate|Payment unit|FLSA status|Pay schedule|Work location",
        (
            "Eve Fir|Data Engineer|6,250.00|Paycheck|Exempt|Twice a month|Boston, MA",
            "Gil Yew|Data Engineer|145,000.00|Year|Exempt|Twice a month|Boston, MA",
        ),
        {"title": "Title", "pay": "Rate", "period": "Payment unit", "frequency": "Pay schedule"},
        ("Employee",),
        ((150_000, "USD", "US"), (145_000, "USD", "US")),
    ),
    Layout(
        "adp",
        "Position ID|Payroll Name|File Number|Job Title Description|Location Description|Annual Salary"
        "|Regular Pay Rate Amount|Rate Type|Pay Frequency|Standard Hours|Worker Category|Hire Date|Tax ID (SSN)",
        (
            (
                "AB1000001|Doe, J|000123|Site Reliability Engineer|Chicago, IL|$151,200.00|$5,815.38|Salary|Biweekly|80"
                "|Full Time|04/05/2021|***-**-1111"
            ),
            (
                "AB1000002|Roe, K|000124|Senior Data Engineer|Chicago, IL|$166,000.00|$6,384.62|Salary|Biweekly|80"
                "|Full Time|04/05/2021|***-**-2222"
            ),
        ),
        {"title": "Job Title Description", "pay": "Annual Salary", "place": "Location Description"},
        ("Payroll Name", "File Number", "Tax ID (SSN)", "Position ID", "Hire Date"),
        ((151_200, "USD", "US"), (166_000, "USD", "US")),
    ),
    Layout(
        "adp_rate_only",
        "Associate ID|Legal Name|Job Title|Rate Amount|Rate Type|Pay Frequency|Work Location|Gender",
        (
            "X1|A A|MLOps Engineer|$6,500.00|Salary|Biweekly|Seattle, WA|F",
            "X2|B B|MLOps Engineer|$77.00|Hourly|Weekly|Seattle, WA|M",
        ),
        {"title": "Job Title", "pay": "Rate Amount"},
        ("Associate ID", "Legal Name", "Gender"),
        ((169_000, "USD", "US"), (160_160, "USD", "US")),
    ),
    Layout(
        "de_monat_teilzeit",
        "Pers.-Nr.|Mitarbeiter|Stellenbezeichnung|Entgeltgruppe|Monatsgehalt brutto (EUR)|Beschäftigungsgrad|Arbeitsort"
        "|Vorgesetzter|Eintrittsdatum|Steuerklasse",
        (
            "1|Kim Ost|Machine Learning Engineer|E13|5.900,00|100 %|Köln|Rut|01.04.2019|1",
            "2|Lou West|Machine Learning Engineer|E13|2.950,00|50 %|Köln|Rut|01.04.2019|3",
            "3|Sam Süd|Data Engineer|E12|T€ 6,1|100 %|Köln|Rut|01.04.2019|1",
        ),
        {
            "title": "Stellenbezeichnung",
            "pay": "Monatsgehalt brutto (EUR)",
            "fte": "Beschäftigungsgrad",
            "place": "Arbeitsort",
        },
        ("Pers.-Nr.", "Mitarbeiter", "Vorgesetzter", "Eintrittsdatum", "Steuerklasse"),
        ((70_800, "EUR", "DE"), (70_800, "EUR", "DE"), (73_200, "EUR", "DE")),
        mark=";",
        encoding="cp1252",
    ),
    Layout(
        "de_jahresgehalt_titelzeilen",
        "Personalnummer|Name|Funktion|Karrierestufe|Jahresbruttogehalt|Waehrung|Standort|Arbeitszeit",
        (
            "1|A|MLOps Engineer|Senior|98.500|EUR|Wien|Vollzeit",
            "2|B|MLOps Engineer|Senior|49.250|EUR|Wien|Teilzeit",
            "3|C|MLOps Engineer|Senior|CHF 131'000|CHF|Zürich|Vollzeit",
        ),
        {"title": "Funktion", "level": "Karrierestufe", "pay": "Jahresbruttogehalt", "currency": "Waehrung"},
        ("Personalnummer", "Name"),
        ((98_500, "EUR", "AT"), None, (131_000, "CHF", "CH")),
        mark=";",
        preface=("Gehaltsübersicht 2026||||||", "Stand: 31.03.2026 – vertraulich||||||", "||||||"),
    ),
    Layout(
        "ch_de",
        "AHV-Nr.|Name/Vorname|Berufsbezeichnung|Pensum|Jahreslohn 100%|Währung|Arbeitsort|Nationalität",
        (
            "756.1|X Y|Data Engineer|80%|118’000|CHF|Zürich|CH",
            "756.2|V W|Senior Data Engineer|100%|139’500.00|CHF|Genf|FR",
        ),
        {"title": "Berufsbezeichnung", "pay": "Jahreslohn 100%", "currency": "Währung", "place": "Arbeitsort"},
        ("AHV-Nr.", "Name/Vorname", "Nationalität"),
        ((118_000, "CHF", "CH"), (139_500, "CHF", "CH")),
        mark=";",
        encoding="utf-8-sig",
    ),
    Layout(
        "fr",
        "Matricule|Nom|Prénom|Intitulé du poste|Niveau|Salaire annuel brut|Devise|Taux d'activité|Lieu de travail"
        "|Date de naissance|N° de sécurité sociale|Sexe",
        (
            "12|A|B|Ingénieur MLOps Senior|Senior|68 500,00 €|EUR|100 %|Paris|01/02/1988|1 88|F",
            "13|C|D|Data Engineer|Junior|36 000,00 €|EUR|80 %|Lyon|01/02/1995|1 95|H",
        ),
        {
            "title": "Intitulé du poste",
            "level": "Niveau",
            "pay": "Salaire annuel brut",
            "currency": "Devise",
            "fte": "Taux d'activité",
            "place": "Lieu de travail",
        },
        ("Matricule", "Nom", "Prénom", "Date de naissance", "N° de sécurité sociale", "Sexe"),
        ((68_500, "EUR", "FR"), (45_000, "EUR", "FR")),
        mark=";",
    ),
    Layout(
        "fr_mensuel_utf16",
        "Salarié|Emploi|Salaire de base mensuel|Temps de travail|Site|Responsable|Adresse e-mail",
        (
            "A|Senior DevOps Engineer|4\u202f750,00 €|Temps plein|Bordeaux|Z|a@x.org",
            "B|Senior DevOps Engineer|2\u202f300,00 €|Temps partiel|Bordeaux|Z|b@x.org",
        ),
        {"title": "Emploi", "pay": "Salaire de base mensuel", "place": "Site"},
        ("Salarié", "Responsable", "Adresse e-mail"),
        ((57_000, "EUR", "FR"), None),
        mark="\t",
        encoding="utf-16",
    ),
    Layout(
        "it",
        "Matricola|Cognome|Nome|Mansione|Livello|RAL|Valuta|Part-time %|Sede|Codice fiscale|Data di nascita",
        (
            "1|A|B|Machine Learning Engineer|Senior|52.000,00|EUR|100|Milano|AAA|01/01/1980",
            "2|C|D|Machine Learning Engineer|Senior|26.000,00|EUR|50|Milano|BBB|01/01/1980",
        ),
        {
            "title": "Mansione",
            "level": "Livello",
            "pay": "RAL",
            "currency": "Valuta",
            "fte": "Part-time %",
            "place": "Sede",
        },
        ("Matricola", "Cognome", "Nome", "Codice fiscale", "Data di nascita"),
        ((52_000, "EUR", "IT"), (52_000, "EUR", "IT")),
        mark=";",
    ),
    Layout(
        "it_mensile",
        "Dipendente|Qualifica|Retribuzione lorda mensile|Tipo di contratto|Luogo di lavoro|Genere|Residenza",
        (
            "A|Data Engineer|€ 2.900,00|Tempo pieno|Torino|M|Asti",
            "B|Data Engineer|€ 1.450,00|Tempo parziale|Torino|F|Asti",
        ),
        {"title": "Qualifica", "pay": "Retribuzione lorda mensile", "place": "Luogo di lavoro"},
        ("Dipendente", "Genere", "Residenza"),
        ((34_800, "EUR", "IT"), None),
        mark=";",
        encoding="cp1252",
    ),
    Layout(
        "es",
        "Nº empleado|Nombre|Apellidos|Puesto de trabajo|Nivel|Salario bruto anual|Moneda|Jornada|Centro de trabajo"
        "|Fecha de nacimiento|DNI|Correo electrónico|Género",
        (
            "1|A|B|Ingeniero MLOps|Senior|58.500 €|EUR|100%|Madrid|01/01/1985|1X|a@x.org|M",
            "2|C|D|Ingeniero MLOps|Senior|29.250 €|EUR|50%|Barcelona|01/01/1985|2X|b@x.org|F",
        ),
        {
            "title": "Puesto de trabajo",
            "level": "Nivel",
            "pay": "Salario bruto anual",
            "currency": "Moneda",
            "fte": "Jornada",
            "place": "Centro de trabajo",
        },
        ("Nº empleado", "Nombre", "Apellidos", "Fecha de nacimiento", "DNI", "Correo electrónico", "Género"),
        ((58_500, "EUR", "ES"), (58_500, "EUR", "ES")),
        mark=";",
    ),
    Layout(
        "es_periodo",
        "Empleado|Cargo|Sueldo|Periodicidad|Divisa|País|Teléfono",
        ("A|Data Engineer|3.100,00|Mensual|EUR|España|600", "B|Data Engineer|44.000,00|Anual|EUR|Portugal|601"),
        {"title": "Cargo", "pay": "Sueldo", "period": "Periodicidad", "currency": "Divisa", "country": "País"},
        ("Empleado", "Teléfono"),
        ((37_200, "EUR", "ES"), (44_000, "EUR", "PT")),
        mark=";",
    ),
    Layout(
        "nl",
        "Personeelsnummer|Achternaam|Voornaam|Functietitel|Schaal|Bruto maandsalaris|Valuta|Deeltijdfactor|Vestiging"
        "|Geboortedatum|BSN|Geslacht",
        (
            "1|A|B|Senior Data Engineer|Senior|€ 6.150,00|EUR|1,0|Utrecht|1-1-1980|9|V",
            "2|C|D|Senior Data Engineer|Senior|€ 4.920,00|EUR|0,8|Utrecht|1-1-1980|9|M",
        ),
        {
            "title": "Functietitel",
            "pay": "Bruto maandsalaris",
            "currency": "Valuta",
            "fte": "Deeltijdfactor",
            "place": "Vestiging",
        },
        ("Personeelsnummer", "Achternaam", "Voornaam", "Geboortedatum", "BSN", "Geslacht"),
        ((73_800, "EUR", "NL"), (73_800, "EUR", "NL")),
        mark=";",
    ),
    Layout(
        "nl_uren",
        "Medewerker|Functie|Jaarsalaris|Contracturen per week|Locatie|Leidinggevende|Woonplaats",
        ("A|MLOps Engineer|78.000|40|Rotterdam|Z|Delft", "B|MLOps Engineer|46.800|24|Rotterdam|Z|Delft"),
        {"title": "Functie", "pay": "Jaarsalaris", "weekly_hours": "Contracturen per week", "place": "Locatie"},
        ("Medewerker", "Leidinggevende", "Woonplaats"),
        (None, None),  # nothing says the currency
        mark=";",
    ),
    Layout(
        "pl",
        "Numer pracownika|Imię|Nazwisko|Stanowisko|Poziom|Wynagrodzenie zasadnicze miesięczne|Waluta|Wymiar etatu|Biuro"
        "|PESEL|Data urodzenia|Płeć",
        (
            "1|A|B|Senior MLOps Engineer|Senior|24 500,00 zł|PLN|1|Warszawa|99|01.01.1990|K",
            "2|C|D|Data Engineer|Mid|9 000,00 zł|PLN|1/2|Kraków|98|01.01.1990|M",
        ),
        {
            "title": "Stanowisko",
            "level": "Poziom",
            "pay": "Wynagrodzenie zasadnicze miesięczne",
            "currency": "Waluta",
            "fte": "Wymiar etatu",
            "place": "Biuro",
        },
        ("Numer pracownika", "Imię", "Nazwisko", "PESEL", "Data urodzenia", "Płeć"),
        ((294_000, "PLN", "PL"), (216_000, "PLN", "PL")),
        mark=";",
    ),
    Layout(
        "pl_cp1250",
        "Pracownik|Stanowisko|Płaca roczna brutto|Lokalizacja|Przełożony|Adres zamieszkania",
        ("A|Data Engineer|198 000,00 zł|Wrocław|Z|x", "B|Data Engineer|204 000,00 zł|Wrocław|Z|y"),
        {"title": "Stanowisko", "pay": "Płaca roczna brutto", "place": "Lokalizacja"},
        ("Pracownik", "Przełożony", "Adres zamieszkania"),
        ((198_000, "PLN", "PL"), (204_000, "PLN", "PL")),
        mark=";",
        encoding="cp1250",
    ),
    Layout(
        "uk_plain",
        "Payroll no.|Surname|Forename|Role|Grade|Annual salary (£)|Hours per week|Office location|NI number|DOB"
        "|Ethnicity",
        (
            "1|A|B|Senior Machine Learning Engineer|Senior|£92,500|37.5|Manchester|Q|1/1/80|x",
            "2|C|D|Senior Machine Learning Engineer|Senior|£46,250|18.75|Manchester|Q|1/1/80|x",
        ),
        {"title": "Role", "level": "Grade", "pay": "Annual salary (£)", "weekly_hours": "Hours per week"},
        ("Payroll no.", "Surname", "Forename", "NI number", "DOB", "Ethnicity"),
        ((92_500, "GBP", "GB"), (92_500, "GBP", "GB")),
    ),
    Layout(
        "us_grades_beside_pay",
        "emp_id,|full_name|job_title|job_level|range_min|range_mid|range_max|base_salary|compa_ratio|currency_code|work_state",
        (
            "1|A|Data Engineer|Mid|110000|137500|165000|131000|0.95|USD|CO",
            "2|B|Data Engineer|Mid|110000|137500|165000|142000|1.03|USD|CO",
        ),
        {"title": "job_title", "level": "job_level", "pay": "base_salary", "currency": "currency_code"},
        ("emp_id,", "full_name"),
        ((131_000, "USD", "US"), (142_000, "USD", "US")),
    ),
    Layout(
        "camel_case",
        "employeeId|displayName|jobTitle|seniorityLevel|annualBaseSalary|payCurrency|countryCode|dateOfBirth",
        ("1|A|MLOps Engineer|senior|171000|USD|US|x", "2|B|MLOps Engineer|senior|88000|EUR|IE|x"),
        {
            "title": "jobTitle",
            "level": "seniorityLevel",
            "pay": "annualBaseSalary",
            "currency": "payCurrency",
            "country": "countryCode",
        },
        ("employeeId", "displayName", "dateOfBirth"),
        ((171_000, "USD", "US"), (88_000, "EUR", "IE")),
    ),
    Layout(
        "dots_for_thousands_in_dollars",
        "Title|Location|Base|Currency|Person",
        ("MLOps Engineer|Denver, CO|185.101|USD|A", "MLOps Engineer|Denver, CO|162.000|USD|B"),
        {"title": "Title", "pay": "Base", "currency": "Currency"},
        ("Person",),
        ((185_101, "USD", "US"), (162_000, "USD", "US")),
    ),
    Layout(
        "hourly_with_three_decimals",
        "Position|Hourly rate|Currency|City|Employee name",
        ("Data Engineer|71.125|USD|Denver, CO|A", "Data Engineer|68.250|USD|Denver, CO|B"),
        {"title": "Position", "pay": "Hourly rate", "currency": "Currency", "place": "City"},
        ("Employee name",),
        ((147_940, "USD", "US"), (141_960, "USD", "US")),
    ),
    Layout(
        "contractors_and_interns",
        "Title|Salary|Currency|Country|Employment type|Name",
        (
            "Data Engineer|141000|USD|US|Full-time|A",
            "Data Engineer|141000|USD|US|Contractor|B",
            "Data Engineer|70000|USD|US|Part-time|C",
            "Data Engineer|60000|USD|US|Intern|D",
        ),
        {"title": "Title", "pay": "Salary", "employment": "Employment type"},
        ("Name",),
        ((141_000, "USD", "US"), None, None, None),
    ),
    Layout(
        "currencies_disagree",
        "Job|Pay|Currency|Location|Phone",
        ("Data Engineer|€ 70.000|USD|Denver, CO|1", "Data Engineer|$ 150,000|USD|Denver, CO|2"),
        {"title": "Job", "pay": "Pay", "currency": "Currency"},
        ("Phone",),
        (None, (150_000, "USD", "US")),
    ),
    Layout(
        "frequency_is_how_often_it_is_paid",
        "Job title|Salary|Pay frequency|Currency|Location|Email address",
        (
            "MLOps Engineer|168000|Twice a month|USD|Denver, CO|a@x.org",
            "MLOps Engineer|171000|Monthly|USD|Denver, CO|b@x.org",
        ),
        {"title": "Job title", "pay": "Salary"},
        ("Email address",),
        ((168_000, "USD", "US"), (171_000, "USD", "US")),
    ),
    Layout(
        "full_time_equivalent_is_full_time",
        "Job title|FTE salary|FTE|Currency|Country|Worker name",
        ("Data Engineer|120000|0.6|USD|USA|A", "Data Engineer|118000|1|USD|USA|B"),
        {"title": "Job title", "pay": "FTE salary"},
        ("Worker name",),
        ((120_000, "USD", "US"), (118_000, "USD", "US")),
    ),
    Layout(
        "sv",
        "Anställningsnr|Förnamn|Efternamn|Befattning|Månadslön|Valuta|Sysselsättningsgrad|Ort|Personnummer|Chef",
        (
            "1|A|B|Data Engineer|52 000|SEK|100 %|Stockholm|8|Z",
            "2|C|D|Data Engineer|26 000|SEK|50 %|Stockholm|9|Z",
        ),
        {"title": "Befattning", "pay": "Månadslön", "currency": "Valuta", "fte": "Sysselsättningsgrad", "place": "Ort"},
        ("Anställningsnr", "Förnamn", "Efternamn", "Personnummer", "Chef"),
        ((624_000, "SEK", "SE"), (624_000, "SEK", "SE")),
        mark=";",
    ),
    Layout(
        "pt",
        "Nome|Cargo|Salário base mensal|Moeda|Local de trabalho|Data de nascimento|NIF|Horário",
        (
            "A|Data Engineer|3.250,00|EUR|Lisboa|x|1|Tempo inteiro",
            "B|Data Engineer|1.600,00|EUR|Porto|x|2|Tempo parcial",
        ),
        {"title": "Cargo", "pay": "Salário base mensal", "currency": "Moeda", "place": "Local de trabalho"},
        ("Nome", "Data de nascimento", "NIF"),
        ((39_000, "EUR", "PT"), None),
        mark=";",
    ),
    Layout(
        "sep_line",
        "Title;Annual base;Currency;Country;Staff ID".replace(";", "|"),
        ("Data Engineer|120,000.50|USD|US|1", "Data Engineer|121,000|USD|US|2"),
        {"title": "Title", "pay": "Annual base", "currency": "Currency", "country": "Country"},
        ("Staff ID",),
        ((120_000.5, "USD", "US"), (121_000, "USD", "US")),
        mark=";",
        encoding="utf-16",
    ),
    Layout(
        "india",
        "Emp code|Designation|CTC fixed (INR)|Location|PAN|Reporting manager",
        ("1|Senior MLOps Engineer|42,00,000|Bengaluru|A|Z", "2|MLOps Engineer|₹ 24,50,000|Bengaluru|B|Z"),
        {"title": "Designation", "pay": "CTC fixed (INR)", "place": "Location"},
        ("Emp code", "PAN", "Reporting manager"),
        ((4_200_000, "INR", "IN"), (2_450_000, "INR", "IN")),
    ),
    Layout(
        "nothing_says_the_currency",
        "Stelle|Gehalt|Standort|Name",
        ("Data Engineer|71.000|Zürich|A", "Data Engineer|68.000|Graz|B"),
        {"title": "Stelle", "pay": "Gehalt", "place": "Standort"},
        ("Name",),
        (None, None),
        mark=";",
    ),
)
