"""HTML to text: whole pages with trafilatura, and the fragments that JSON fields and feeds hold."""

import json
import re
from collections.abc import Iterator
from typing import Any

import lxml.html
from lxml import etree

from pipeline.articles.dates import publication_time
from pipeline.articles.records import Draft, digest
from pipeline.articles.rejects import Reason, Refusal
from pipeline.config import Settings

_FRAGMENT = re.compile(r"<(?:p|div|br|span|strong|em|b|i|a|ul|ol|li|h[1-6]|blockquote|img|figure|table|script|style)(?:\s[^<>]*)?/?>", re.I)
_BLOCKS = {
    "p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "tr", "table", "section", "article", "figure",
    "figcaption", "header", "footer", "hr", "pre", "dd", "dt",
}  # fmt: skip
_SILENT = {"script", "style", "template", "noscript", "iframe", "object", "svg", "head", "title"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Browsers close these by themselves, so a run of them is no nesting.
_SELF_CLOSING = {"p", "li", "tr", "td", "th", "dd", "dt", "option", "thead", "tbody", "tfoot", "colgroup"}
# Quoted values may hold '>'. Possessive, so that a tag of megabytes costs neither stack nor a second look.
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]*+)((?:[^"'>]++|"[^"]*+"|'[^']*+')*+)""")
_QUOTED = re.compile(r""""[^"]*+"|'[^']*+'""")
_MEAN_DEPTH = 40  # of as many elements as are allowed; in real pages half of that
_METADATA_CHARACTERS = 200_000  # of a page; real ones have up to 40,000
_MAX_ATTRIBUTES = 1000  # of one element; the parser takes quadratic time over them
# What pages state in so many words, most exact first. The day of a modification is no publication date.
_DATE_PATHS = (
    "//meta[@property='article:published_time' or @name='article:published_time' or @property='og:article:published_time']/@content",
    "//*[@itemprop='datePublished']/@content",
    "//*[@itemprop='datePublished']/@datetime",
    "//meta[@name='pubdate' or @name='publishdate' or @name='date' or @name='DC.date.issued' or @name='dcterms.created'"
    " or @name='parsely-pub-date' or @name='sailthru.date' or @name='publication_date']/@content",
    "//time[@pubdate]/@datetime",
    "//article//time/@datetime",
)
_UPDATE_PATHS = (
    "//meta[@property='article:modified_time' or @name='article:modified_time' or @property='og:updated_time']/@content",
    "//*[@itemprop='dateModified']/@content",
    "//*[@itemprop='dateModified']/@datetime",
)
_NAMES = {"og:site_name", "application-name"}


def page_draft(data: str, settings: Settings, raw: bytes, url: str | None = None) -> Draft:
    """An HTML page as a Draft: main text, headline, site, address, date as the page states it."""
    import trafilatura

    check_size(data, settings, raw)
    tree = _tree(data)
    if tree is None:
        raise Refusal(Reason.MALFORMED, "no HTML element", digest(raw))
    # Before the extraction, which takes the tree apart.
    published, updated = _stated_date(tree, _DATE_PATHS, "datePublished"), _stated_date(tree, _UPDATE_PATHS, "dateModified")
    _drop_excess_metadata(tree)
    page: Any = trafilatura.bare_extraction(
        tree, url=url, with_metadata=True, include_comments=False, include_tables=False, include_images=False, favor_recall=True,
        # Whatever the clock says, the answer is the same; a date that merely stands somewhere in the text is not taken.
        date_extraction_params={"original_date": True, "extensive_search": False, "max_date": "2099-12-31"},
    )  # fmt: skip
    body = page.text if page and page.text else ""
    return Draft(
        text="\n\n".join(line for line in body.split("\n") if line.strip()) or fragment_text(data),
        title=page.title if page else None,
        published=published or (page.date if page else None),
        published_basis="html",
        updated=updated,
        publisher_name=_site_name(tree),
        url=url or (page.url if page else None),
        language=tree.get("lang"),
        raw_hash=digest(raw),
    )


def check_size(data: str, settings: Settings, raw: bytes) -> None:
    """Refuses pages whose tree would take long to build or to walk."""
    tags = data.count("<")
    if tags > 2 * settings.max_page_elements:  # one that opens and one that closes
        raise Refusal(Reason.TOO_MANY_ELEMENTS, f"{tags:,} tags", digest(raw))
    deepest, levels = _depth(data)
    if deepest > settings.max_nesting:
        raise Refusal(Reason.TOO_DEEP, f"elements {deepest:,} deep", digest(raw))
    if levels > _MEAN_DEPTH * settings.max_page_elements:  # what each element costs grows with its depth
        raise Refusal(Reason.TOO_DEEP, f"elements at {levels:,} levels in all", digest(raw))


def _depth(data: str) -> tuple[int, int]:
    """How deep elements lie in each other, at most and in sum, tags within scripts and styles left out."""
    depth = deepest = levels = 0
    inside = ""
    for closing, spelt, attributes in _TAG.findall(data):
        name = spelt.lower()
        _check_attributes(attributes)
        if inside:
            inside = "" if closing and name == inside else inside
        elif name in ("script", "style"):
            inside = "" if closing else name
        elif name not in _VOID and name not in _SELF_CLOSING:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
        levels += depth
    return deepest, levels


def _check_attributes(attributes: str) -> None:
    if len(attributes) < 2 * _MAX_ATTRIBUTES:
        return
    bare = _QUOTED.sub(" ", attributes)
    if (count := max(len(bare.split()), bare.count("="))) > _MAX_ATTRIBUTES:
        raise Refusal(Reason.TOO_MANY_ELEMENTS, f"an element with {count:,} attributes")


def is_markup(text: str) -> bool:
    """Whether text that a field holds is HTML rather than words with a stray '<'."""
    return "<" in text and bool(_FRAGMENT.search(text))


def fragment_text(text: str) -> str:
    """The words of an HTML fragment, blocks parted by blank lines."""
    try:
        tree = lxml.html.fromstring(f"<div>{text}</div>")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    blocks = "".join(_pieces(tree)).split("\0")
    return "\n\n".join(block for block in (" ".join(block.split()) for block in blocks) if block)


def _pieces(tree: Any) -> Iterator[str]:
    """Text in order, with NUL at the edges of blocks; the parser lets no NUL of the page through."""
    silent = 0
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            yield "" if silent else element.tail or ""
            continue
        if element.tag in _SILENT:
            silent += 1 if event == "start" else -1
        if element.tag in _BLOCKS:
            yield "\0"
        words = element.text if event == "start" else element.tail
        yield words.replace("\0", " ") if words and not silent else ""


def _tree(data: str) -> Any:
    # An encoding declaration in characters that are decoded already makes lxml refuse them.
    try:
        return lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", data.replace("\0", " "), count=1), parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _drop_excess_metadata(tree: Any) -> None:
    """Takes out linked data that are none, and metadata beyond what any page needs: the extraction takes quadratic time over them."""
    left = _METADATA_CHARACTERS
    for element in tree.xpath("//meta | //link | //script[contains(@type, 'json')]"):
        length = sum(map(len, (element.text or "", *element.attrib.values())))
        if length > left or (element.tag == "script" and not _is_json(element.text or "")):
            element.drop_tree()
        else:
            left -= length


def _is_json(text: str) -> bool:
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def _parser() -> Any:
    return lxml.html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)


def _stated_date(tree: Any, paths: tuple[str, ...], name: str) -> str | None:
    for path in paths:
        for value in tree.xpath(path):
            if publication_time(str(value)):
                return str(value)
    stated = (
        json_date for script in tree.xpath("//script[@type='application/ld+json']/text()") for json_date in _ld_dates(str(script), name)
    )
    return next((value for value in stated if publication_time(value)), None)


def _ld_dates(script: str, name: str) -> Iterator[str]:
    """datePublished or dateModified of linked data (schema.org), in the object itself or in its graph."""
    try:
        found = json.loads(script)
    except (ValueError, RecursionError):
        return
    objects = found if isinstance(found, list) else [found]
    for item in objects:
        inner = item.get("@graph", []) if isinstance(item, dict) else []
        for candidate in (item, *(inner if isinstance(inner, list) else [])):
            if isinstance(candidate, dict) and isinstance(candidate.get(name), str):
                yield candidate[name]


def _site_name(tree: Any) -> str | None:
    for element in tree.iter("meta"):
        if (element.get("property") or element.get("name") or "").lower() in _NAMES and (element.get("content") or "").strip():
            return str(element.get("content"))
    return None
