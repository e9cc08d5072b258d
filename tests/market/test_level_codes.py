from tenfold.market.level_codes import code_of_level, level_of, level_of_code


def test_the_marks_of_the_source_are_levels_and_back() -> None:
    assert [level_of_code(code) for code in ("EN", "mi", "SE", "EX", "??")] == [
        "junior",
        "mid",
        "senior",
        "principal",
        None,
    ]
    assert code_of_level("senior") == "SE"
    assert code_of_level("staff") == "ST"
    assert level_of("Data Engineer", "ST") == "staff"
    assert level_of("Staff Data Engineer", "SE") == "staff"
    assert level_of("Lead Data Engineer", "SE") == "staff"
