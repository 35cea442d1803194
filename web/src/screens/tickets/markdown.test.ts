import { describe, expect, it } from 'vitest'
import { renderMarkdown } from './markdown'

const render = (text: string, names?: Map<string, string>) => renderMarkdown(text, 'en', names)

describe('message text', () => {
  it('shows the writer’s HTML as text', () => {
    const html = render('<img src=x onerror=alert(1)><script>alert(1)</script>')
    expect(html).not.toMatch(/<img|<script/)
    expect(html).toContain('&lt;img')
  })

  it('makes no link that runs code', () => {
    expect(render('[x](javascript:alert(1))')).not.toContain('href')
    expect(render('[x](data:text/html,hi)')).not.toContain('href')
  })

  it('opens links in a new tab that learns nothing about the panel', () => {
    const html = render('see https://example.org/a')
    expect(html).toContain('target="_blank"')
    expect(html).toContain('noopener noreferrer')
  })

  it('loads no pictures from elsewhere', () => {
    expect(render('![x](https://example.org/p.png)')).not.toContain('<img')
  })

  it('reads no heading and no code out of underlined or indented lines, as Discord does not', () => {
    expect(render('title\n---')).not.toContain('<h2')
    expect(render('    indented')).not.toContain('<code')
  })

  it('keeps single line breaks, as Discord does', () => {
    expect(render('one\ntwo')).toContain('<br>')
  })

  it('shows mentions by name where it is known', () => {
    const names = new Map([['1100000000000000302', 'Moss *the* mod']])
    expect(render('<@1100000000000000302>', names)).toContain('@Moss *the* mod')
    expect(render('<@!1100000000000000303>', names)).toContain('@1100000000000000303')
  })

  it('shows custom emoji by name and timestamps in the reader’s words', () => {
    expect(render('<:wave:1100000000000000001>')).toContain(':wave:')
    expect(render('<t:0:R>')).toMatch(/19(69|70)/)
  })
})
