import { describe, expect, it } from 'vitest'
import { readEntry, rememberReturn, takeEntry } from './entry-link'

describe('what an address carries in', () => {
  it('takes the token of Discord’s return and leaves the rest of the address', () => {
    expect(readEntry('https://panel.test/admin/tickets?state=open&token=a.b.c#x')).toEqual({
      token: 'a.b.c',
      demo: null,
      cleanUrl: '/admin/tickets?state=open#x',
    })
  })

  it('takes a demo login, whose password may contain colons and escaped signs', () => {
    expect(readEntry('http://127.0.0.1:5070/#demo=admin:a%20b:c')).toEqual({
      token: null,
      demo: { username: 'admin', password: 'a b:c' },
      cleanUrl: '/',
    })
  })

  it('takes a token from the fragment, which no server sees', () => {
    expect(readEntry('http://127.0.0.1:5070/admin#token=a.b.c')).toEqual({
      token: 'a.b.c',
      demo: null,
      cleanUrl: '/admin',
    })
  })

  it('takes nothing from an ordinary or a broken address', () => {
    expect(readEntry('http://127.0.0.1/?token=')).toMatchObject({ token: null, demo: null })
    expect(readEntry('http://127.0.0.1/#demo=nobody')).toMatchObject({ demo: null })
    expect(readEntry('http://127.0.0.1/#demo=a:%E0%A4%A')).toMatchObject({
      demo: { username: 'a', password: '%E0%A4%A' },
    })
  })
})

describe('taking the entry', () => {
  it('cleans the address of the page, so that neither token nor password stays behind', () => {
    window.history.replaceState(null, '', '/admin?token=a.b.c#demo=x:y')
    expect(takeEntry()).toMatchObject({ token: 'a.b.c', demo: { username: 'x', password: 'y' } })
    expect(window.location.href).not.toMatch(/a\.b\.c|x:y/)
    expect(window.location.pathname).toBe('/admin')
  })

  it('goes on to where the person was before they went to Discord, once', () => {
    rememberReturn('/admin/tickets?state=open')
    window.history.replaceState(null, '', '/?token=a.b.c')
    expect(takeEntry().cleanUrl).toBe('/admin/tickets?state=open')
    expect(window.location.pathname).toBe('/admin/tickets')
    window.history.replaceState(null, '', '/?token=a.b.c')
    expect(takeEntry().cleanUrl).toBe('/')
  })

  it('never goes on to another site', () => {
    rememberReturn('//evil.test')
    window.history.replaceState(null, '', '/?token=a.b.c')
    expect(takeEntry().cleanUrl).toBe('/')
  })
})
