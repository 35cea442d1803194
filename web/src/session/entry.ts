// What this page was opened with. Imported before everything else, so that the address is clean from the start.
import { takeEntry } from './entry-link'

export const entry = takeEntry()
