// Changes to the list of types. Each is made to the list as the server has it now, so that two people who work on
// different types lose nothing.
import type { TicketType } from '@/api/types'
import { formOf, wireOf } from './type-form'

/** Why a change can't be made to the list as it is now. */
export class Outdated extends Error {
  constructor(readonly reason: 'changed' | 'gone' | 'taken') {
    super(reason)
    this.name = 'Outdated'
  }
}

export type Change = (types: readonly TicketType[]) => TicketType[]

/** One form for types that mean the same. */
export const fingerprint = (type: TicketType) => JSON.stringify(wireOf(formOf(type)))

/** Puts `wanted` in the place of the type as it was when the form was opened; `null` adds it at the end. */
export function putting(wanted: TicketType, opened: TicketType | null): Change {
  return (types) => {
    if (types.some(({ name }) => name === wanted.name && name !== opened?.name)) throw new Outdated('taken')
    if (opened === null) return [...types, wanted]
    const now = types.find(({ name }) => name === opened.name)
    if (!now) throw new Outdated('gone')
    if (fingerprint(now) !== fingerprint(opened)) throw new Outdated('changed')
    return types.map((type) => (type === now ? wanted : type))
  }
}

export const removing =
  (name: string): Change =>
  (types) =>
    types.filter((type) => type.name !== name)

/** Types in the order of these names; those that have come meanwhile at the end. */
export const ordering =
  (names: readonly string[]): Change =>
  (types) => {
    const place = ({ name }: TicketType) => (names.includes(name) ? names.indexOf(name) : names.length)
    return [...types].sort((a, b) => place(a) - place(b))
  }
