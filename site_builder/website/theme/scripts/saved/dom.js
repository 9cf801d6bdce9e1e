// What a phone does only when asked to; loaded at a first tap, words and all. First what the files after it share.
export const made = (name, facts, ...inside) => {
  const element = Object.assign(document.createElement(name), facts)
  element.append(...inside)
  return element
}

// a sheet from below, where the thumb is; Escape and its button close it
const sheet = (title, ...inside) => {
  const close = made('button', { type: 'button', className: 'button', textContent: w.close })
  const dialog = made('dialog', { className: 'sheet' }, made('h2', { textContent: title }), ...inside, close)
  dialog.setAttribute('aria-label', title)
  close.addEventListener('click', () => dialog.close())
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  return dialog
}

// a line at the top of the page, read aloud too
const tell = text => {
  const line = made('p', { className: 'notice', textContent: text })
  line.setAttribute('role', 'status')
  document.querySelector('main').prepend(line)
}

const data = bytes => made('data', { value: bytes, textContent: tag(bytes) })
