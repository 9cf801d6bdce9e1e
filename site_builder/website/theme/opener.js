// Opens the search at a tap, ready to type in. What finds how-tos is loaded only then.
// Without this script the same links lead to all how-tos, A to Z.
{
  const link = document.querySelector('[data-search]')
  const template = document.querySelector('template')
  let dialog

  const open = query => {
    if (!dialog) {
      dialog = document.body.appendChild(template.content.querySelector('dialog').cloneNode(true))
      dialog.querySelector('button').addEventListener('click', () => dialog.close())
    }
    dialog.showModal()
    const input = dialog.querySelector('input')
    input.focus()
    if (query) input.value = query
    import(new URL(link.dataset.script, location)).then(
      search => search.begin(dialog, link),
      () => (dialog.querySelector('[role=status]').textContent = dialog.dataset.failed),
    )
  }

  if (link && template && window.HTMLDialogElement) {
    for (const opener of document.querySelectorAll('[data-search], [data-find]')) {
      opener.setAttribute('role', 'button')
      opener.addEventListener('click', event => {
        event.preventDefault()
        open()
      })
      opener.addEventListener('keydown', event => {
        if (event.key !== ' ') return
        event.preventDefault()
        open()
      })
    }
    const asked = new URLSearchParams(location.search).get('q')
    if (asked) open(asked)
  }
}
