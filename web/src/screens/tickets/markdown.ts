// Message text to HTML: Discord's small Markdown, no HTML of the writer, no pictures from elsewhere.
import DOMPurify from 'dompurify'
import MarkdownIt from 'markdown-it'

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable([
  'image',
  'table',
  'html_block',
  'html_inline',
  'reference',
  // Plain Markdown reads these out of underlined and indented lines; Discord does not.
  'lheading',
  'code',
  'hr',
])

// Links lead out of the panel: a new tab that learns nothing about this one.
markdown.renderer.rules['link_open'] = (tokens, index, options, _env, self) => {
  const token = tokens[index]
  token?.attrSet('target', '_blank')
  token?.attrSet('rel', 'noopener noreferrer nofollow')
  return self.renderToken(tokens, index, options)
}

const ALLOWED = {
  ALLOWED_TAGS: [
    'p',
    'br',
    'strong',
    'em',
    's',
    'code',
    'pre',
    'blockquote',
    'ul',
    'ol',
    'li',
    'a',
    'h1',
    'h2',
    'h3',
  ],
  ALLOWED_ATTR: ['href', 'target', 'rel', 'start'],
}

// Discord's own notation that plain Markdown does not know: mentions, custom emoji, times.
const MENTION = /<(@[!&]?|#)(\d{15,21})>/g
const EMOJI = /<a?(:\w{2,32}:)\d{15,21}>/g
const TIMESTAMP = /<t:(-?\d{1,12})(?::[tTdDfFR])?>/g

/** HTML that is safe to insert. `language` is for written times, `names` for mentioned people known here. */
export function renderMarkdown(
  text: string,
  language: string,
  names: ReadonlyMap<string, string> = new Map(),
): string {
  const plain = text
    .replace(EMOJI, '$1')
    .replace(MENTION, (_all, sign: string, id: string) => mention(sign, id, names))
    .replace(TIMESTAMP, (all, seconds: string) => {
      const date = new Date(Number(seconds) * 1000)
      if (Number.isNaN(date.getTime())) return all
      return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(date)
    })
  return DOMPurify.sanitize(markdown.render(plain), ALLOWED)
}

function mention(sign: string, id: string, names: ReadonlyMap<string, string>): string {
  if (sign === '#') return `#${id}`
  // The name is somebody's choice: its Markdown must not come alive.
  return `@${(names.get(id) ?? id).replace(/[\\`*_~[\]<>]/g, '\\$&')}`
}
