import { beforeEach, describe, expect, it } from 'vitest'
import { dismissNotice, notices, notify } from './notices'

const texts = () => notices.map(({ text }) => text)

describe('notices', () => {
  beforeEach(() => notices.splice(0))

  it('show the newest at once instead of one after the other', () => {
    notify('claimed')
    notify('closed')
    expect(texts()).toEqual(['closed'])
  })

  it('keep one that waits for an answer', () => {
    notify('updated', 'plain', { label: 'Reload', run: () => undefined })
    notify('closed')
    expect(texts()).toEqual(['updated', 'closed'])
    dismissNotice(notices[0]?.id ?? 0)
    expect(texts()).toEqual(['closed'])
  })

  it('do not repeat the same words', () => {
    notify('no connection', 'error')
    notify('no connection', 'error')
    expect(texts()).toEqual(['no connection'])
  })
})
