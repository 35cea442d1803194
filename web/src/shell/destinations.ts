// The places of the navigation. A new screen appears here once it exists.
import {
  mdiPuzzle,
  mdiPuzzleOutline,
  mdiTicket,
  mdiTicketOutline,
  mdiViewDashboard,
  mdiViewDashboardOutline,
} from '@mdi/js'
import type { Access } from '@/router'

export interface Destination {
  /** Key of the label. */
  label: string
  to: string
  icon: string
  activeIcon: string
  access: Exclude<Access, 'public'>
}

export const destinations: readonly Destination[] = [
  {
    label: 'nav.overview',
    to: '/admin',
    icon: mdiViewDashboardOutline,
    activeIcon: mdiViewDashboard,
    access: 'staff',
  },
  {
    label: 'nav.tickets',
    to: '/admin/tickets',
    icon: mdiTicketOutline,
    activeIcon: mdiTicket,
    access: 'staff',
  },
  { label: 'nav.cogs', to: '/admin/cogs', icon: mdiPuzzleOutline, activeIcon: mdiPuzzle, access: 'staff' },
  {
    label: 'nav.myTickets',
    to: '/tickets',
    icon: mdiTicketOutline,
    activeIcon: mdiTicket,
    access: 'member',
  },
]

/** Staff logins without a Discord account have no tickets of their own. */
export const reachable = ({ staff, discord }: { staff: boolean; discord: boolean }): Destination[] =>
  destinations.filter(({ access, to }) =>
    access === 'staff' ? staff : !(staff && !discord && to === '/tickets'),
  )

/** Longest prefix wins, so `/admin/tickets/x` belongs to tickets and not to the overview. */
export function activeDestination(path: string, among: readonly Destination[]): Destination | null {
  const fitting = among.filter(({ to }) => path === to || path.startsWith(`${to}/`))
  return fitting.sort((a, b) => b.to.length - a.to.length)[0] ?? null
}
