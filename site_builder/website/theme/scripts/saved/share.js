// Sends a lesson on: its link, or the film itself from phone to phone, which costs the other no data.
const copied = async (text, said) => {
  try {
    await navigator.clipboard.writeText(text)
    said.textContent = w.copied
  } catch {
    said.textContent = text
  }
}

// a film that is on this phone already, rather the one that any phone plays; else that one, at its price
const filmFile = async () => {
  const sources = $$('.choice:not([data-sound])').flatMap(one => JSON.parse(one.dataset.sources))
  const plain = JSON.parse(document.querySelector('[data-send]')?.dataset.send ?? '0') ||
    JSON.parse(document.querySelector('.play:not([data-sound])')?.dataset.sources ?? '[]').at(-1)
  for (const [, link] of plain ? [plain, ...sources] : sources) if (await here(whole(link))) return [whole(link), 0]
  return plain && [whole(plain[1]), plain[2]]
}

export const share = async () => {
  const link = document.querySelector('link[rel=canonical]').href
  const title = document.querySelector('h1').textContent
  const said = made('p', { className: 'small' })
  said.setAttribute('role', 'status')
  const button = (text, run, ...more) => {
    const one = made('button', { type: 'button', className: 'button' }, made('span', { textContent: text }), ...more)
    one.addEventListener('click', run)
    return one
  }
  const rows = [button(w.copy_link, () => copied(link, said))]
  const short = document.querySelector('#_short')?.textContent
  if (short) rows.push(button(filled(w.copy_short, { link: short }), () => copied(short, said)))
  if (navigator.share) rows.push(button(w.share_apps, () => navigator.share({ title, url: link }).catch(() => {})))
  const probe = new File([], 'film.mp4', { type: 'video/mp4' })
  const film = navigator.canShare?.({ files: [probe] }) && (await filmFile())
  if (film) {
    const [url, bytes] = film
    const note = bytes ? data(bytes) : made('small', { textContent: w.no_data })
    const send = button(w.share_film, async () => {
      send.disabled = true
      try {
        const blob = await ((await here(url)) ?? (await fetched(url))).blob()
        const file = new File([blob], `${document.querySelector('main').dataset.page.split('/').at(-2)}.mp4`, { type: 'video/mp4' })
        await navigator.share({ files: [file], title })
      } catch (error) {
        // fetching took longer than a tap may last: it is here now, and the second tap sends it
        said.textContent = error.name === 'NotAllowedError' ? w.share_again : error.name === 'AbortError' || (await newer(send, url)) ? '' : w.save_no_line
      }
      send.disabled = false
    }, note)
    rows.push(send)
  }
  heard('share')
  sheet(w.share, ...rows, said)
}
