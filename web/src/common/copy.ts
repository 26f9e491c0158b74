/* The clipboard is closed to pages on plain HTTP: then the text is selected in its element and copied the old way. */
export async function copyText(text: string, element: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    if (!element) return false
    window.getSelection()?.selectAllChildren(element)
    return document.execCommand('copy')
  }
}
