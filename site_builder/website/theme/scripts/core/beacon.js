// What readers do, told to the host's own access log and to nobody else: a GET of an empty file. No cookie; the number
// is thrown anew for each visit. Kept while there is no connection. Loaded at the first such event.
const visit = (sessionStorage.visit ??= Math.floor(Math.random() * 1e9))
let sending

const flush = async () => {
  if (sending) return
  sending = true
  for (let rows; (rows = stored('unheard') ?? []).length; store('unheard', stored('unheard').slice(1)))
    try {
      const answer = await fetch(new URL(`${site.top}heard.txt?${rows[0]}`, location), { keepalive: true, cache: 'no-store' })
      if (!answer.ok) break
    } catch {
      break
    }
  if (!stored('unheard')?.length) delete localStorage.unheard
  sending = false
}

addEventListener('online', flush)

export const hear = (event, more) => {
  const main = document.querySelector('main').dataset
  const row = new URLSearchParams({ e: event, p: main.page ?? '', v: main.version ?? '', ...more, n: visit })
  store('unheard', [...(stored('unheard') ?? []), `${row}`].slice(-50))
  return flush()
}
