// Every screen has an address. A screen says who may open it; the server decides again on each call.
import { watch } from 'vue'
import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import { isOwnAddress } from '@/session/entry-link'
import { isStaff, session, sessionKnown } from '@/session/session'

export type Access = 'public' | 'member' | 'staff'

declare module 'vue-router' {
  interface RouteMeta {
    access: Access
    /** Key of the screen's name, for the title of the page and the app bar. */
    title: string
    /** Fills the window and scrolls inside, as lists with a detail beside them do. */
    fill?: boolean
  }
}

const tickets = () => import('@/screens/tickets/TicketsScreen.vue')

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    {
      // Never shown: the guard leads on to where this person starts, once it is known who it is.
      path: '/',
      name: 'start',
      component: () => import('@/screens/NotFoundScreen.vue'),
      meta: { access: 'member', title: 'notFound.title' },
    },
    {
      path: '/login',
      name: 'sign-in',
      component: () => import('@/screens/SignInScreen.vue'),
      meta: { access: 'public', title: 'signIn.title' },
    },
    {
      path: '/admin',
      name: 'overview',
      component: () => import('@/screens/overview/OverviewScreen.vue'),
      meta: { access: 'staff', title: 'nav.overview' },
    },
    {
      path: '/admin/tickets/settings',
      name: 'ticket-setup',
      component: () => import('@/screens/ticket-setup/TicketSetupScreen.vue'),
      meta: { access: 'staff', title: 'setup.title' },
    },
    {
      path: '/admin/tickets/:id?',
      name: 'ticket-desk',
      component: tickets,
      props: (route) => ({ id: route.params['id'] || null, desk: true }),
      meta: { access: 'staff', title: 'nav.tickets', fill: true },
    },
    {
      path: '/admin/tickets/replies',
      name: 'ticket-replies',
      component: () => import('@/screens/tickets/CannedScreen.vue'),
      meta: { access: 'staff', title: 'canned.title' },
    },
    {
      path: '/admin/tickets/stats',
      name: 'ticket-stats',
      component: () => import('@/screens/tickets/StatsScreen.vue'),
      meta: { access: 'staff', title: 'stats.title' },
    },
    {
      path: '/admin/cogs',
      name: 'cogs',
      component: () => import('@/screens/cogs/CogsScreen.vue'),
      meta: { access: 'staff', title: 'nav.cogs' },
    },
    { path: '/admin/modules/:rest(.*)*', redirect: '/admin/cogs' },
    {
      path: '/tickets/new',
      name: 'new-ticket',
      component: () => import('@/screens/tickets/NewTicketScreen.vue'),
      meta: { access: 'member', title: 'tickets.new.title' },
    },
    {
      path: '/tickets/:id?',
      name: 'my-tickets',
      component: tickets,
      props: (route) => ({ id: route.params['id'] || null, desk: false }),
      meta: { access: 'member', title: 'nav.myTickets', fill: true },
    },
    {
      path: '/:rest(.*)*',
      name: 'not-found',
      component: () => import('@/screens/NotFoundScreen.vue'),
      meta: { access: 'member', title: 'notFound.title' },
    },
  ],
})

/** Where a person starts. */
export function home(): string {
  return isStaff.value ? '/admin' : '/tickets'
}

/** Answers where to go instead, or null to stay. */
export function detour(to: Pick<RouteLocationNormalized, 'fullPath' | 'meta' | 'name'>): string | null {
  const signedIn = session.phase === 'signed-in'
  if (to.meta.access === 'public') return signedIn ? next(to.fullPath) : null
  if (!signedIn) {
    return to.name === 'start' ? '/login' : `/login?next=${encodeURIComponent(to.fullPath)}`
  }
  if (to.name === 'start') return home()
  return to.meta.access === 'staff' && !isStaff.value ? home() : null
}

/** The remembered address behind `next`; only one of the panel's own, never another site's. */
export function next(fullPath: string): string {
  const wanted = new URL(fullPath, 'http://panel').searchParams.get('next')
  return isOwnAddress(wanted) ? wanted : home()
}

router.beforeEach(async (to) => {
  await sessionKnown()
  return detour(to) ?? true
})

// A sign-in or sign-out, here or in another tab, changes which screen is the right one.
watch(
  () => session.phase,
  () => {
    const current = router.currentRoute.value
    if (current.matched.length === 0) return
    const target = detour(current)
    if (target !== null) void router.replace(target)
  },
)
