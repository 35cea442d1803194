// Hands a file to the browser, which saves it where people keep their downloads.

/** Long enough for the browser to have begun; the memory is free afterwards. */
const KEPT_FOR_MS = 60_000

export function saveFile(file: File): void {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = file.name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), KEPT_FOR_MS)
}
