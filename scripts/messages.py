"""The catalogues of translations: collect what is said, add what is new, compile.

`make messages` runs it. It needs Babel and Django and no programs of the machine: Python is read
by Babel, templates by Django's own reader for translators. What is no longer said is dropped.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from makegood.queries.schemes.reading import shipped_packs
from makegood.rules.schemes.facts import MUST_BE
from makegood.rules.schemes.packs import Pack
from makegood.rules.schemes.words import plain

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "makegood"
LOCALE = SOURCE / "locale"
Keyword = tuple[int | tuple[int, str], ...] | None
KEYWORDS: dict[str, Keyword] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_STRING = r"""(?:u?r?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))"""
# What Django's reader makes of a template's tags; everything else it blots out.
_CALL = re.compile(
    rf"\b(_|gettext|ngettext|pgettext|npgettext)\(\s*({_STRING}(?:\s*,\s*{_STRING})*)"
)
SENTENCE = "sentence"
SCHEME = "scheme"
_SLOT = re.compile(r"\{\w+\}|\bx\b")
_GAPS = re.compile(r"%\(\w+\)s|%%\w")
_HAS_WORDS = re.compile(r"[a-z] |\] $| [a-z]")
# Docstrings of errors that always come with words of their own.
_ABOUT_ERRORS = re.compile(
    r"^Base of |; the message (says|shows)|`|^A change that cannot|as asked\.$"
)
FOR_MACHINES = {"api_calls.py", "say.py", "signatures.py"}
# Modules whose sentences are kept with the records, and translated when they are shown.
REASONS = {"duty.py", "goodwill.py"}
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
# No dates and no names: they would differ after every run.
HEADER = r"""# Edited by people; brought up to date by `make messages`. See docs/languages.md.
msgid ""
msgstr ""
"Project-Id-Version: Makegood\n"
"Language: {language}\n"
"Plural-Forms: {plural}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""
Found = tuple[str | tuple[str, str], str | None, str]
"""A message (with its plural), its context, and where it stands."""


def python_files() -> list[Path]:
    """The modules that may say something."""
    return sorted(SOURCE.rglob("*.py"))


def template_files() -> list[Path]:
    """The pages and letters."""
    return sorted(
        path for path in SOURCE.rglob("templates/**/*") if path.suffix in {".html", ".txt"}
    )


def refusing_files() -> list[Path]:
    """The rules and actions that refuse in English what people at a page ask for."""
    files = [*(SOURCE / "rules").glob("*.py"), *(SOURCE / "actions").glob("*.py")]
    files += (SOURCE / "rules" / "importing").glob("*.py")
    names = ("holidays.py", "calendar_sources.py", "import_files.py", "export_files.py")
    files += [SOURCE / "queries" / name for name in names]
    return sorted(path for path in files if path.name not in FOR_MACHINES)


def found() -> Iterator[Found]:
    """Everything that is said through gettext."""
    for path in python_files():
        yield from _in_python(path)
    for path in template_files():
        yield from _in_template(path)
    for path in refusing_files():
        yield from _refused_in(path)
    for path in (SOURCE / "rules" / "schemes" / name for name in ("owing.py", "sums.py")):
        yield from _phrased_in(path)
    for words in MUST_BE.values():
        yield words, SCHEME, "src/makegood/rules/schemes/facts.py"
    for pack in shipped_packs().values():
        yield from _in_pack(pack)


def template() -> Catalog:
    """What is to be translated, in the order of the files."""
    catalog = Catalog(project="Makegood", charset="utf-8", fuzzy=False)
    for message, context, where in found():
        catalog.add(message, locations=[(where, 0)], context=context)
    return catalog


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/django.po"))


def po_file(language: str) -> Path:
    """The catalogue that people edit."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The catalogue of a language as it stands."""
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language, domain="django")


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as the program reads it."""
    catalog.creation_date = catalog.revision_date = NO_DATE
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def is_translated(message: Message) -> bool:
    """Whether each form of the message has words."""
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms)


def update(language: str) -> list[str]:
    """Bring one catalogue up to date; returns what still has no words in it."""
    catalog = read(language)
    catalog.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    with po_file(language).open("wb") as file:
        file.write(HEADER.format(language=language, plural=catalog.plural_forms).encode())
        # Without line numbers, which change with every edit and say little.
        write_po(file, catalog, width=100, include_lineno=False, omit_header=True)
    po_file(language).with_suffix(".mo").write_bytes(compiled(read(language)))
    return [str(message.id) for message in catalog if message.id and not is_translated(message)]


def _in_python(path: Path) -> Iterator[Found]:
    where = path.relative_to(ROOT).as_posix()
    options = {"encoding": "utf-8"}
    for _line, message, _comments, context in extract_from_file(
        "python", str(path), keywords=KEYWORDS | _aliases(path), options=options
    ):
        if message:
            yield message, context, where


def _aliases(path: Path) -> dict[str, Keyword]:
    """The names under which a module has taken in the functions of translation."""
    return {
        name.asname: KEYWORDS[name.name]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.asname and name.name in KEYWORDS
    }


def _in_template(path: Path) -> Iterator[Found]:
    where = path.relative_to(ROOT).as_posix()
    for call in _CALL.finditer(templatize(path.read_text(encoding="utf-8"), origin=where)):
        name, texts = call.group(1), ast.literal_eval(f"[{call.group(2)}]")
        context = texts.pop(0) if "pgettext" in name else None
        yield (
            (tuple(texts[:2]) if "ngettext" in name or "npgettext" in name else texts[0]),
            context,
            where,
        )


def _refused_in(path: Path) -> Iterator[Found]:
    """The sentences of refusals, and the reasons that are kept with the records."""
    where = path.relative_to(ROOT).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name.endswith("Error"):
            texts: list[ast.expr | str] = [*_constructed(node), ast.get_docstring(node) or ""]
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            texts = list(node.exc.args)
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_SAID":
            texts = list(node.value.values) if isinstance(node.value, ast.Dict) else []
        elif isinstance(node, ast.Assign) and _is_note(node):
            texts = [node.value]
        elif path.name in REASONS and isinstance(node, ast.JoinedStr):
            texts = [node]
        elif path.name in REASONS and isinstance(node, ast.keyword | ast.IfExp | ast.Assign):
            texts = [getattr(node, part, "") for part in ("value", "body", "orelse")]
        else:
            continue
        for text in texts:
            sentence = sentence_of(text)
            if _HAS_WORDS.search(_GAPS.sub("", sentence)) and not _ABOUT_ERRORS.search(sentence):
                yield sentence, SENTENCE, where


def _phrased_in(path: Path) -> Iterator[Found]:
    """The words that rules put around the values of an answer."""
    where = path.relative_to(ROOT).as_posix()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"phrase", "Phrase"}:
            texts = node.args[:1]
        else:
            texts = [node] if isinstance(node, ast.Constant) else []
        for text in texts:
            words = text.value if isinstance(text, ast.Constant) else None
            if isinstance(words, str) and (isinstance(node, ast.Call) or "{" in words):
                yield from _of_scheme(words, where)


def _in_pack(pack: Pack) -> Iterator[Found]:
    """What a scheme says and asks for: its rules, doubts, exclusions, facts and their choices."""
    where = f"src/makegood/queries/schemes/packs/{pack.id}.toml"
    texts = [pack.title, pack.jurisdiction, pack.legal_basis, pack.otherwise]
    for rule in (*pack.rules, *pack.more_rules):
        texts += [rule.because.text, rule.refuse.text if rule.refuse else ""]
        texts += [doubt.says for doubt in rule.unsure]
    for version in (*pack.versions, *pack.watched):
        texts += [*version.unsure.values(), *map(plain, version.rates)]
    for one in pack.exclusions.values():
        texts += [plain(one.id), one.says, one.needs, one.still]
    for fact in pack.facts.values():
        texts += [fact.help, *map(plain, fact.choices)]
    for text in texts:
        yield from _of_scheme(text, where)


def _of_scheme(words: str, where: str) -> Iterator[Found]:
    if re.search(r"[^\W\d_]", _SLOT.sub("", words)):
        yield words, SCHEME, where


def _is_note(node: ast.Assign) -> bool:
    """Whether a constant is a sentence about a customer, kept as the note of a contact."""
    value = node.value.value if isinstance(node.value, ast.Constant) else None
    return isinstance(value, str) and ast.unparse(node.targets[0]).isupper() and value[-1:] == "."


def _constructed(error: ast.ClassDef) -> Iterator[ast.expr]:
    for node in ast.walk(error):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__":
            yield from node.args


def sentence_of(text: ast.expr | str) -> str:
    """A text as it stands in the code, its gaps by the last name in each; else nothing."""
    if isinstance(text, str):
        return " ".join(text.split())
    if isinstance(text, ast.Constant):
        return sentence_of(text.value) if isinstance(text.value, str) else ""
    if not isinstance(text, ast.JoinedStr):
        return ""
    parts, seen = [], set()
    for part in text.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value).replace("%", "%%"))
            continue
        name = (re.findall(r"[a-zA-Z]\w*", ast.unparse(part.value)) or ["it"])[-1]
        while name in seen:
            name += "_"
        seen.add(name)
        parts.append(f"%({name})s")
    return "".join(parts)


def main() -> None:
    """Update and compile every catalogue; say what is missing."""
    missing = {language: update(language) for language in languages()}
    for language, messages in missing.items():
        for message in messages:
            sys.stdout.write(f"{language}: {message}\n")
        sys.stdout.write(f"{language}: {len(messages)} messages without words.\n")


if __name__ == "__main__":
    main()
