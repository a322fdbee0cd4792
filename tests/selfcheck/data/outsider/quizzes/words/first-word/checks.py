from selfcheck.checks import check


@check("a word", section="words-cut")
def word(s):
    """The first of several words."""
    got = s.first("  to be")
    assert got == "to", f"expected 'to' for the text '  to be', got {got!r}"


@check("no word", section="words-cut")
def no_word(s):
    """A text of blanks."""
    got = s.first("  ")
    assert got == "", f"expected an empty text for a text of blanks, got {got!r}"
