// Unsent text, kept per person and subject until it is sent.
import { session } from '@/session/session'
import { KEYS, read, write } from './storage'

const key = (subject: string) => KEYS.draft(session.me?.user ?? '', subject)

export const readDraft = (subject: string): string => read(key(subject)) ?? ''

export const writeDraft = (subject: string, text: string): void =>
  write(key(subject), text.trim() ? text : null)
