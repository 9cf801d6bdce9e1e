// At a printed code whose how-to was seriously corrected: who comes from an older print is told so first, all others go on.
// A code says behind `?s=` from what it is scanned: the medium's letter, the version of the words beside it, perhaps the store.
const { to } = document.currentScript.dataset
const printed = /^[a-z](\d+(?:\.\d+)*)(?:-|$)/.exec(new URLSearchParams(location.search).get('s') ?? '')?.[1]
const older = (one, other) => {
  const [a, b] = [one, other].map(version => version.split('.').map(Number))
  const at = [0, 1, 2].find(at => (a[at] ?? 0) !== (b[at] ?? 0))
  return at !== undefined && (a[at] ?? 0) < (b[at] ?? 0)
}
const tell = () => {
  const said = document.querySelector('[data-older]')
  said.textContent = said.dataset.older.replace('{version}', printed)
  for (const one of document.querySelectorAll('[data-fixed]')) one.hidden = !older(printed, one.dataset.fixed)
}
if (printed && older(printed, document.currentScript.dataset.newest)) addEventListener('DOMContentLoaded', tell)
else location.replace(to)
