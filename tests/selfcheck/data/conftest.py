# Submissions and checks: run by the grader under test, never collected as tests.
collect_ignore_glob = ["*"]
