// Opens the search at a tap, ready to type in. What finds how-tos is loaded at the first key.
// Without this script the same links lead to all how-tos, A to Z.
{
  const link = document.querySelector('a[data-search]')
  let dialog, input

  const open = query => {
    if (!dialog) {
      const make = (name, facts, parent) => parent.appendChild(Object.assign(document.createElement(name), facts))
      dialog = make('dialog', { className: 'search', ariaLabel: link.textContent }, document.body)
      const form = make('form', { className: 'bar', role: 'search' }, dialog)
      link.removeAttribute('id')
      input = make('input', { id: 'q', type: 'search', autocomplete: 'off', ariaLabel: link.textContent, placeholder: link.dataset.hint }, form)
      make('button', { type: 'button', textContent: '✕', ariaLabel: link.dataset.close, onclick: () => dialog.close() }, form)
      input.addEventListener('input', begin, { once: true })
      make('p', { role: 'status' }, dialog)
      make('ul', { id: 'r', className: 'rows' }, dialog)
    }
    dialog.showModal()
    input.focus()
    if (!query) return
    input.value = query
    begin()
  }

  const begin = () =>
    import(new URL(link.dataset.search, location)).then(
      search => search.begin(dialog, link),
      // without a connection, or when a newer site was published: the list of all how-tos
      () => (location = link.href),
    )

  if (link && window.HTMLDialogElement) {
    for (const opener of $$('[data-search], [data-find]')) {
      press(opener, () => open())
      // who types at once means the field: it has the focus before the letter comes
      opener.addEventListener('keydown', ({ key, ctrlKey, metaKey, altKey }) => /^\S$/.test(key) && !(ctrlKey || metaKey || altKey) && open())
    }
    const asked = new URL(location).searchParams.get('q')
    if (asked) open(asked)
  }
}
