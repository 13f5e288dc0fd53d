/** Elements of HTML that a text may have. A `<` before another word is a sign of the text. */
const TAG =
  /<\/?(?:a|abbr|b|big|blockquote|body|br|button|caption|center|cite|code|col|dd|del|details|div|dl|dt|em|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|meta|nav|object|ol|option|p|pre|q|s|section|select|small|source|span|strike|strong|sub|summary|sup|svg|table|tbody|td|textarea|tfoot|th|thead|time|title|tr|tt|u|ul|var|video|wbr)(?:\s[^<>]{0,2000})?\/?>/giu;
/** Elements whose content nobody reads. */
const UNREAD = /<(script|style|template|noscript)\b[^<>]{0,2000}>.*?(?:<\/\1\s*>|$)/gisu;
const COMMENT = /<!--.*?(?:-->|$)/gsu;
const BREAK = /<(?:br|hr)\s*\/?>|<\/(?:p|div|li|h[1-6]|tr|blockquote|section|ul|ol|table)\s*>/giu;
const ITEM = /<li(?:\s[^<>]{0,2000})?>/giu;
const ENTITY = /&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,8});/giu;
const NAMED: Record<string, string> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', shy: '', laquo: '«', raquo: '»' },
  ...{ ndash: '–', mdash: '—', hellip: '…', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', bull: '•', euro: '€' },
  ...{ agrave: 'à', acirc: 'â', ccedil: 'ç', egrave: 'è', eacute: 'é', ecirc: 'ê', euml: 'ë', icirc: 'î', iuml: 'ï' },
  ...{ ocirc: 'ô', ugrave: 'ù', ucirc: 'û', oelig: 'œ', Eacute: 'É', Agrave: 'À', auml: 'ä', ouml: 'ö', uuml: 'ü' },
  ...{ szlig: 'ß', ntilde: 'ñ', aacute: 'á', iacute: 'í', oacute: 'ó', uacute: 'ú', atilde: 'ã', otilde: 'õ' },
};

/** Whether a text holds HTML. */
export function hasHtml(text: string): boolean {
  return text !== '' && (text.search(TAG) >= 0 || text.search(UNREAD) >= 0 || text.search(COMMENT) >= 0);
}

/**
 * A text without HTML: scripts and comments go with their content, items of lists begin with a bullet, ends of paragraphs are line breaks,
 * entities are characters. A text without a tag is returned as it is.
 */
export function htmlToText(text: string): string {
  if (!hasHtml(text)) return text;
  return text
    .replace(COMMENT, '')
    .replace(UNREAD, '')
    .replace(ITEM, '• ')
    .replace(BREAK, '\n')
    .replace(TAG, '')
    .replace(ENTITY, characterOf)
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function characterOf(entity: string, name: string): string {
  if (!name.startsWith('#')) return NAMED[name] ?? NAMED[name.toLowerCase()] ?? entity;
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '';
}
