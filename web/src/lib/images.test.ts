import { describe, expect, it } from 'vitest'
import { imageSource } from './images'

describe('pictures', () => {
  it('from elsewhere come through the server', () => {
    expect(imageSource('https://cdn.test/a.png?x=1', 'http://panel.test')).toBe(
      '/api/proxy/image?url=https%3A%2F%2Fcdn.test%2Fa.png%3Fx%3D1',
    )
    expect(imageSource('/favicon.svg', 'http://panel.test')).toBe('http://panel.test/favicon.svg')
  })

  it('with other addresses are not loaded', () => {
    expect(imageSource('javascript:alert(1)', 'http://panel.test')).toBeNull()
    expect(imageSource('data:image/png;base64,AA', 'http://panel.test')).toBeNull()
    expect(imageSource(null)).toBeNull()
  })
})
