// Short messages at the bottom of the screen. A new one takes the place of one that asks for nothing.
import { reactive } from 'vue'

export interface Notice {
  id: number
  text: string
  tone: 'plain' | 'error'
  /** What the person may do about it; without it the notice can only be dismissed. */
  action: NoticeAction | null
}

export interface NoticeAction {
  label: string
  run: () => void
}

/** More waiting messages than this are of no use to anybody: the oldest are dropped. */
const MAX_WAITING = 5

let lastId = 0
export const notices = reactive<Notice[]>([])

export function notify(
  text: string,
  tone: Notice['tone'] = 'plain',
  action: NoticeAction | null = null,
): void {
  if (notices.at(-1)?.text === text) return
  // What asks for nothing has been read or is out of date by now.
  for (const old of notices.filter((notice) => notice.action === null)) dismissNotice(old.id)
  notices.push({ id: ++lastId, text, tone, action })
  if (notices.length > MAX_WAITING) notices.splice(0, notices.length - MAX_WAITING)
}

export function dismissNotice(id: number): void {
  const index = notices.findIndex((notice) => notice.id === id)
  if (index >= 0) notices.splice(index, 1)
}
