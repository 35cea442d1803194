import { describe, expect, it } from 'vitest'
import { activeDestination, reachable } from '@/shell/destinations'
import { next, router } from './router'

describe('addresses', () => {
  it('lead to the remembered page after sign-in, but never to another site', () => {
    expect(next('/login?next=%2Fadmin%2Ftickets%3Fstate%3Dopen')).toBe('/admin/tickets?state=open')
    for (const foreign of ['https://evil.test', '//evil.test', '/\\evil.test', 'javascript:alert(1)']) {
      expect(next(`/login?next=${encodeURIComponent(foreign)}`)).toBe('/tickets')
    }
  })

  it('all declare who may open them', () => {
    const open = router.getRoutes().filter((route) => !route.redirect && route.meta.access === undefined)
    expect(open).toEqual([])
  })

  it('light up the one destination they belong to', () => {
    const all = reachable({ staff: true, discord: true })
    expect(activeDestination('/admin', all)?.label).toBe('nav.overview')
    expect(activeDestination('/admin/tickets/x', all)?.label).toBe('nav.tickets')
    expect(activeDestination('/tickets/new', all)?.label).toBe('nav.myTickets')
    expect(activeDestination('/elsewhere', all)).toBeNull()
  })

  it('offer members their own tickets only, and logins without Discord none of their own', () => {
    expect(reachable({ staff: false, discord: true }).map(({ to }) => to)).toEqual(['/tickets'])
    expect(reachable({ staff: true, discord: false }).map(({ to }) => to)).not.toContain('/tickets')
  })
})
