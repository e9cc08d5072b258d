"""A second dozen of invented pay lists, written after the reader and before it was run on any of them."""
# ruff: noqa: E501 - a table of cases, a header or a row a line

from __future__ import annotations

from tests.market.hr_exports import Layout

MORE_LAYOUTS = (
    Layout(
        "wd2",
        "Worker ID|Legal Name - First Name|Legal Name - Last Name|Position Title|Job Level|Compensation - Base Pay|Compensation - Currency|Compensation - Frequency|Work Location|Scheduled Weekly Hours|Default Weekly Hours|Gender",
        (
            "1|A|B|Data Engineer|Senior|14,250.00|USD|Monthly|Austin, TX|40|40|F",
            "2|C|D|Data Engineer|Senior|85,500.00|USD|Annual|Austin, TX|20|40|M",
        ),
        {},
        ("Legal Name - First Name", "Worker ID", "Gender"),
        ((171000, "USD", "US"), (171000, "USD", "US")),
    ),
    Layout(
        "personio_de2",
        "ID|Vorname|Nachname|E-Mail|Position|Level|Wochenarbeitszeit|Vollzeit-Wochenstunden|Gehalt (Fix)|Gehaltsintervall|Geschlecht|Einstellungsdatum",
        (
            "1|A|B|x@y.de|MLOps Engineer|Senior|32|40|5.600,00 EUR|Monatlich|weiblich|01.01.2020",
            "2|A|B|x@y.de|MLOps Engineer|Senior|40|40|7.000,00 EUR|Monatlich|männlich|01.01.2020",
        ),
        {},
        ("Vorname", "E-Mail", "Geschlecht", "Einstellungsdatum"),
        ((84000, "EUR", ""), (84000, "EUR", "")),
        mark=";",
    ),
    Layout(
        "adp2",
        "COMPANY CODE|FILE #|FIRST NAME|LAST NAME|JOB TITLE|ANNUAL SALARY|RATE 1 AMOUNT|PAY FREQUENCY|HOME DEPARTMENT|WORK LOCATION|BIRTH DATE|STATUS",
        (
            "X|1|A|B|MLOps Engineer|165000.00|3173.08|Weekly|ML|Boston, MA|1/1/80|Active",
            "X|2|A|B|MLOps Engineer|150000.00|2884.62|Weekly|ML|Boston, MA|1/1/80|Terminated",
        ),
        {},
        ("FILE #", "FIRST NAME", "BIRTH DATE"),
        ((165000, "USD", "US"), None),
    ),
    Layout(
        "gusto2",
        "First name|Last name|Work email|Job title|Employment type|Pay rate|Pay rate type|Pay schedule|Work location|Gender",
        (
            "A|B|a@x|Senior Data Engineer|Full time|165000.00|Yearly|Twice a month on the 15th and last day|Denver, CO|F",
            "A|B|a@x|Data Engineer|Part time|60.00|Hourly|Every other week|Denver, CO|F",
        ),
        {},
        ("First name", "Work email", "Gender"),
        ((165000, "USD", "US"), None),
    ),
    Layout(
        "hibob2",
        "Employee ID|Display name|Job title|Level|Site|Base salary amount|Base salary currency|Base salary pay period|Employment contract|FTE %|Nationality|Start date",
        (
            "1|A|ML Engineer|Mid|Berlin|72000|EUR|Annual|Full Time|100|DE|2021-01-01",
            "2|A|ML Engineer|Mid|Berlin|36000|EUR|Annual|Part Time|50|DE|2021-01-01",
        ),
        {},
        ("Employee ID", "Display name", "Nationality", "Start date"),
        ((72000, "EUR", "DE"), (72000, "EUR", "DE")),
    ),
    Layout(
        "fr2",
        "N° salarié|Nom et prénom|Fonction|Rémunération brute mensuelle|Nb de mois|ETP|Ville|Date d'entrée|Téléphone portable",
        (
            "1|A|Data Engineer|3 800,00 €|12|1,00|Nantes|01/01/2020|06",
            "2|A|Data Engineer|3 040,00 €|12|0,80|Nantes|01/01/2020|06",
        ),
        {},
        ("N° salarié", "Nom et prénom", "Date d'entrée", "Téléphone portable"),
        ((45600, "EUR", "FR"), (45600, "EUR", "FR")),
        mark=";",
        encoding="cp1252",
    ),
    Layout(
        "it2",
        "Nominativo|Posizione|Retribuzione annua lorda (RAL)|% part time|Città|E-mail aziendale|Data assunzione",
        (
            "A|Machine Learning Engineer|€ 48.500|100%|Bologna|x@y.it|01/01/2020",
            "A|Machine Learning Engineer|€ 24.250|50%|Bologna|x@y.it|01/01/2020",
        ),
        {},
        ("Nominativo", "E-mail aziendale", "Data assunzione"),
        ((48500, "EUR", "IT"), (48500, "EUR", "IT")),
        mark=";",
    ),
    Layout(
        "es2",
        "Id trabajador|Nombre completo|Categoría profesional|Puesto|Salario fijo (€)|Pagas|% jornada|Localidad|Fecha alta",
        (
            "1|A|Senior|Data Engineer|52.000,00|12|100|Valencia|01/01/2020",
            "2|A|Senior|Data Engineer|26.000,00|12|50|Valencia|01/01/2020",
        ),
        {},
        ("Id trabajador", "Nombre completo", "Fecha alta"),
        ((52000, "EUR", "ES"), (52000, "EUR", "ES")),
        mark=";",
    ),
    Layout(
        "nl2",
        "Naam|Functie|Uren per week|Bruto salaris|Periode|Valuta|Standplaats|Geboortedatum",
        (
            "A|Data Engineer|40|5.400|maand|EUR|Eindhoven|1-1-1980",
            "A|Data Engineer|32|4.320|maand|EUR|Eindhoven|1-1-1980",
        ),
        {},
        ("Naam", "Geboortedatum"),
        ((64800, "EUR", "NL"), (64800, "EUR", "NL")),
        mark=";",
    ),
    Layout(
        "pl2",
        "Lp.|Imię i nazwisko|Stanowisko|Wynagrodzenie brutto|Okres|Waluta|Etat|Miasto|Adres e-mail",
        (
            "1|A|Data Engineer|18 500|miesięcznie|PLN|pełny etat|Gdańsk|x@y.pl",
            "2|A|Data Engineer|9 250|miesięcznie|PLN|0,5|Gdańsk|x@y.pl",
        ),
        {},
        ("Imię i nazwisko", "Adres e-mail"),
        ((222000, "PLN", "PL"), (222000, "PLN", "PL")),
        mark=";",
    ),
    Layout(
        "de_kurz",
        "PersNr|MA|Stelle|Grundvergütung p.a.|Whg|Teilzeit %|Ort|Geb.-Datum",
        (
            "1|A|DevOps Engineer|74.500,00|EUR|100|Stuttgart|1.1.80",
            "2|A|DevOps Engineer|37.250,00|EUR|50|Stuttgart|1.1.80",
        ),
        {},
        ("PersNr", "Geb.-Datum"),
        ((74500, "EUR", "DE"), (74500, "EUR", "DE")),
        mark=";",
    ),
    Layout(
        "us_messy",
        "Dept|Associate Name|Title|Comp (USD, annual)|Bonus|Total Comp|Loc|Mgr",
        ("ML|A|MLOps Engineer|171.5k|10%|188k|Denver, CO|Z", "ML|A|MLOps Engineer|168k|10%|188k|Denver, CO|Z"),
        {},
        ("Associate Name",),
        ((171500, "USD", "US"), (168000, "USD", "US")),
    ),
    Layout(
        "sage",
        "Employee ID|First Name|Last Name|Position|Team|Office|Employment start date|Salary|Salary currency|Salary period|Working pattern FTE",
        (
            "101|Ina|Invented|Senior MLOps Engineer|Platform|London|01/03/2021|82,500.00|GBP|Yearly|1.0",
            "102|Otto|Invented|DevOps Engineer|Platform|London|15/06/2022|4,750.00|GBP|Monthly|0.8",
        ),
        {"pay": "Salary", "period": "Salary period", "fte": "Working pattern FTE"},
        ("First Name", "Last Name", "Employee ID"),
        ((82500, "GBP", "GB"), (71250, "GBP", "GB")),
    ),
    Layout(
        "paylocity",
        "Employee Id|Last Name|First Name|Job Title|Cost Center 1|Work State|Hire Date|Pay Type|Base Rate|Pay Per|Annual Salary|Status|Default Hours",
        (
            "5001|Invented|Ada|Machine Learning Engineer II|ENG|CO|3/14/2022|Salary|5576.92|Bi-Weekly|145000.00|Active|80",
            "5003|Invented|Cy|MLOps Engineer|ENG|CO|1/9/2023|Hourly|62.50|Hour|130000.00|Terminated|80",
        ),
        {"pay": "Annual Salary"},
        ("First Name", "Last Name"),
        ((145000, "USD", "US"), None),
    ),
    Layout(
        "ukg",
        "Employee Number|Employee Name|Job|Job Title|Location|Employment Status|Full/Part Time|Scheduled Hours|Annual Salary|Hourly Pay Rate|Currency Code",
        (
            "E0001|Invented, Dora|MLENG3|Senior Machine Learning Engineer|Austin, TX|A|F|80.00|182,000.00|87.50|USD",
            "E0002|Invented, Eli|DEVOPS|DevOps Engineer|Denver, CO|A|P|40.00|58,000.00|55.77|USD",
            "E0003|Invented, Fay|MLOPS|MLOps Engineer|Austin, TX|T|F|80.00|151,000.00|72.60|USD",
        ),
        {"working_time": "Full/Part Time", "status": "Employment Status"},
        ("Employee Name",),
        ((182000, "USD", "US"), None, None),
    ),
    Layout(
        "rippling",
        "Employee|Work email|Title|Department|Level|Work location|Employment type|Compensation|Compensation currency|Compensation time period|Start date",
        (
            "Gil Invented|gil@example.invalid|MLOps Engineer|Engineering|L4|Remote (Denver, CO)|Salaried, full-time|$158,000.00|USD|Per year|2022-05-02",
            "Ida Invented|ida@example.invalid|Contract SRE|Engineering||Remote (Austin, TX)|Contractor|$95.00|USD|Per hour|2024-01-08",
        ),
        {"period": "Compensation time period"},
        ("Employee", "Work email"),
        ((158000, "USD", "US"), None),
    ),
    Layout(
        "datev",
        "Personalnummer|Name|Vorname|Tätigkeit|Abteilung|Eintrittsdatum|Wochenarbeitszeit|Beschäftigungsgrad|Bruttolohn|Währung|Zahlungsweise|Arbeitsort",
        (
            "00012|Erfunden|Jan|Senior MLOps Engineer|IT|01.04.2020|40,00|100,00|6.850,00|EUR|monatlich|München",
            "00013|Erfunden|Kim|Data Engineer|IT|15.09.2022|20,00|50,00|2.650,00|EUR|monatlich|Berlin",
        ),
        {"frequency": "Zahlungsweise"},
        ("Name", "Vorname", "Personalnummer"),
        ((82200, "EUR", "DE"), (63600, "EUR", "DE")),
        mark=";",
    ),
    Layout(
        "lucca",
        "Matricule|Nom|Prénom|Poste|Établissement|Date d'entrée|Taux d'activité|Salaire de base mensuel|Devise|Nombre de mois|Type de contrat",
        (
            "A-01|Inventé|Max|Ingénieur MLOps confirmé|Paris|03/02/2020|100 %|4 583,33|EUR|12|CDI",
            "A-02|Inventé|Nina|Data Engineer|Lyon|01/09/2021|80 %|3 000,00|EUR|12|CDI",
            "A-03|Inventé|Omar|Stagiaire Data|Paris|01/03/2024|100 %|1 200,00|EUR|12|Stage",
        ),
        {},
        ("Nom", "Prénom"),
        ((54999.96, "EUR", "FR"), (45000, "EUR", "FR"), None),
        mark=";",
    ),
)
