import { expect, test } from 'vitest'
import { fileSize } from './bytes'

test('sizes are told in the largest unit that leaves a whole number before the point', () => {
  expect(fileSize(512, 'en')).toBe('512 B')
  expect(fileSize(1_200_000, 'en')).toBe('1.2 MB')
  expect(fileSize(11 * 1024 * 1024, 'en')).toBe('12 MB')
  expect(fileSize(1_200_000, 'de')).toBe('1,2 MB')
})
