// "Did this work?" and "Ask us to make this one": one tap, and the store's own channels with code and version written.
const channels = text => {
  const { whatsapp, phone, missed } = facts.store
  const link = (href, words) => made('a', { className: 'button', href, textContent: words })
  const rows = [link(`https://wa.me/${whatsapp}?text=${encodeURIComponent(text)}`, 'WhatsApp')]
  if (phone) rows.push(link(`sms:${phone}?body=${encodeURIComponent(text)}`, 'SMS'), link(`tel:${phone}`, filled(w.call, { phone })))
  if (missed) rows.push(link(`tel:${missed}`, filled(w.missed_call, { phone: missed })))
  return rows
}

const about = () => {
  const main = document.querySelector('main').dataset
  return `${document.querySelector('h1').textContent} (${main.code ?? ''} ${main.version ?? ''})`
}

export const verdict = control => {
  const box = control.closest('.verdict')
  const thank = () => box.replaceChildren(made('p', { textContent: w.thanks, role: 'status' }))
  if (control.dataset.said === 'yes') {
    heard('verdict', { a: 'yes' })
    return thank()
  }
  const reasons = { unclear: w.no_unclear, thing: w.no_thing, steps: w.no_steps, other: w.no_other }
  const rows = Object.entries(reasons).map(([a, text]) => {
    const row = made('button', { type: 'button', className: 'button', textContent: text })
    row.addEventListener('click', () => {
      heard('verdict', { a })
      dialog.close()
      thank()
    })
    return row
  })
  const dialog = sheet(w.why_not, ...rows, made('p', { textContent: w.tell_us }), ...channels(`${w.verdict_no}: ${about()}`))
}

export const ask = control => {
  const { query } = control.dataset
  // nothing is noted of who does not want to be followed: then she is only told whom to ask
  const noted = heard('ask', { q: query })
  sheet(w.ask, made('p', { textContent: noted ? w.ask_thanks : w.tell_us }), ...channels(`${w.ask}: ${query}`))
}

// her shopping list: what is ticked, else all of it
export const list = control => {
  const rows = $$('.need .pick').filter(row => row.querySelector(':checked'))
  const wanted = rows.length ? rows : $$('.need .pick')
  const batch = $$('[data-batch]').map(one => one.textContent)
  const text = [about(), ...batch, ...wanted.map(row => `- ${row.innerText.replace(/\s+/g, ' ').trim()}`)].join('\n')
  location = `https://wa.me/${facts.store.whatsapp}?text=${encodeURIComponent(text)}`
}
