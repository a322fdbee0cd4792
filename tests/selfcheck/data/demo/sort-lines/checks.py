from selfcheck.checks import check, equal


@check("sorts", section="demo-lines")
def sorts(s):
    equal(s.sort_lines("b\na\nc"), ["a", "b", "c"], on="b\na\nc")


@check("takes an empty text", section="demo-lines")
def empty(s):
    equal(s.sort_lines(""), [], on="")
