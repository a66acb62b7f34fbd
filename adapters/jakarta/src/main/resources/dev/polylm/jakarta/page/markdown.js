/**
 * Shows Markdown as elements. Everything is made by createElement and text nodes, so whatever a
 * model writes stays text: no markup of its own, no script, no address but that of a web page.
 */
const SAFE_ADDRESS = /^(https?:\/\/|mailto:)[^\s]+$/i;

/** What a line can begin with. */
const FENCE = /^ {0,3}(`{3,}|~{3,})\s*(\S*)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^ {0,3}([-*_])(\s*\1){2,}\s*$/;
const QUOTE = /^ {0,3}> ?(.*)$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const DEEPEST = 8;

/** Code, links, then emphasis; the first alternative that matches a place counts. */
const INLINE =
  /(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)|!?\[([^\]\n]{0,500})\]\(([^()\s]{1,2000})\)|(\*\*|__)(?=\S)([\s\S]*?\S)\5|(\*|_)(?=\S)([\s\S]*?\S)\7|~~(?=\S)([\s\S]*?\S)~~/g;

function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

/** A link, or its text if the address is none of a web page. */
function link(text, address) {
  if (!SAFE_ADDRESS.test(address)) {
    return document.createTextNode(`${text} (${address})`);
  }
  const made = element("a", text || address);
  made.href = address;
  made.target = "_blank";
  made.rel = "noopener noreferrer nofollow";
  return made;
}

/** A piece of a paragraph. */
function inline(text, depth = 0) {
  const nodes = document.createDocumentFragment();
  let end = 0;
  const found = depth < DEEPEST ? text.matchAll(INLINE) : [];
  for (const match of found) {
    nodes.append(text.slice(end, match.index));
    end = match.index + match[0].length;
    if (match[1]) {
      nodes.append(element("code", match[2]));
    } else if (match[4]) {
      nodes.append(link(match[3], match[4]));
    } else if (match[5]) {
      nodes.append(element("strong", inline(match[6], depth + 1)));
    } else if (match[7]) {
      // Inside a word, an underscore is a letter.
      const inWord = match[7] === "_" && /[\p{L}\p{N}]$/u.test(text.slice(0, match.index));
      nodes.append(inWord ? match[0] : element("em", inline(match[8], depth + 1)));
    } else {
      nodes.append(element("del", inline(match[9], depth + 1)));
    }
  }
  nodes.append(text.slice(end));
  return nodes;
}

function withBreaks(lines) {
  const nodes = document.createDocumentFragment();
  lines.forEach((line, i) => {
    nodes.append(...(i > 0 ? [element("br")] : []), inline(line.trim()));
  });
  return nodes;
}

const begins = (line) => [FENCE, HEADING, RULE, QUOTE, ITEM].some((start) => start.test(line));
const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|");

/** Reads a text block by block. */
class Blocks {
  constructor(lines, depth) {
    this.lines = lines;
    this.depth = depth;
    this.at = 0;
  }

  get line() {
    return this.lines[this.at];
  }

  get more() {
    return this.at < this.lines.length;
  }

  takeWhile(fits) {
    const taken = [];
    while (this.more && fits(this.line)) {
      taken.push(this.lines[this.at++]);
    }
    return taken;
  }

  next() {
    if (FENCE.test(this.line)) {
      return this.code();
    }
    const heading = HEADING.exec(this.line);
    if (heading) {
      this.at++;
      // Below the page's own headings.
      return element(`h${Math.min(6, heading[1].length + 2)}`, inline(heading[2]));
    }
    if (RULE.test(this.line)) {
      this.at++;
      return element("hr");
    }
    if (this.depth < DEEPEST && QUOTE.test(this.line)) {
      const quoted = this.takeWhile((line) => QUOTE.test(line)).map((line) => QUOTE.exec(line)[1]);
      return element("blockquote", blocks(quoted, this.depth + 1));
    }
    if (this.depth < DEEPEST && ITEM.test(this.line)) {
      return this.list();
    }
    if (this.line.includes("|") && TABLE_RULE.test(this.lines[this.at + 1] ?? "")) {
      return this.table();
    }
    const first = this.lines[this.at++];
    const rest = this.takeWhile((line) => line.trim() && !begins(line));
    return element("p", withBreaks([first, ...rest]));
  }

  code() {
    const fence = FENCE.exec(this.lines[this.at++])[1];
    const end = new RegExp(`^ {0,3}\\${fence[0]}{${fence.length},}\\s*$`);
    const code = this.takeWhile((line) => !end.test(line)).join("\n");
    this.at++;
    const made = element("pre", element("code", code));
    made.dir = "ltr";
    made.tabIndex = 0;
    return made;
  }

  list() {
    const [, , mark] = ITEM.exec(this.line);
    const numbered = /\d/.test(mark);
    const list = element(numbered ? "ol" : "ul");
    if (numbered && parseInt(mark, 10) !== 1) {
      list.start = parseInt(mark, 10);
    }
    while (this.more && ITEM.test(this.line) && /\d/.test(ITEM.exec(this.line)[2]) === numbered) {
      const [, indent, , text] = ITEM.exec(this.lines[this.at++]);
      const deeper = (line) => /^\s/.test(line) && line.search(/\S/) > indent.length;
      const rest = this.takeWhile((line) => deeper(line) || (line.trim() && !begins(line)));
      const inner = rest.map((line) => line.replace(/^\s{1,4}/, ""));
      const item = element("li");
      item.append(inner.length ? blocks([text, ...inner], this.depth + 1) : inline(text));
      list.append(item);
      this.takeWhile((line) => !line.trim());
    }
    return list;
  }

  table() {
    const row = (line, cell) => element("tr", ...cells(line).map((text) => element(cell, inline(text.trim()))));
    const head = element("thead", row(this.lines[this.at], "th"));
    this.at += 2;
    const body = this.takeWhile((line) => line.includes("|")).map((line) => row(line, "td"));
    return element("div", element("table", head, element("tbody", ...body)));
  }
}

function blocks(lines, depth) {
  const nodes = document.createDocumentFragment();
  const rest = new Blocks(lines, depth);
  while (rest.more) {
    if (rest.line.trim()) {
      nodes.append(rest.next());
    } else {
      rest.at++;
    }
  }
  return nodes;
}

/** The elements of a text. */
export function markdown(text) {
  return blocks(text.replace(/\r\n?/g, "\n").split("\n"), 0);
}
