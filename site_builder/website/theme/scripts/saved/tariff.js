// Which contract she is on: every price follows. Remembered on this phone, told to nobody.
const tariffs = place => {
  const mine = stored('tariff')?.[0] ?? facts.tariff
  const rows = facts.tariffs.map(([name, rate, date]) => {
    const input = made('input', { type: 'radio', name: 'tariff', checked: name === mine })
    input.addEventListener('change', () => {
      store('tariff', [name, rate, date])
      showPrices()
    })
    const words = made('span', {}, name, made('small', { textContent: `${date} · ${filled(w.per_mb, { price: price(1e6, rate) })}` }))
    return made('label', { className: 'pick' }, input, words)
  })
  place?.replaceChildren(...rows)
  return rows
}

export const pickTariff = () => {
  const rows = tariffs()
  sheet(w.tariff_mine, made('p', { textContent: w.tariff_lead }), made('fieldset', {}, made('legend', { textContent: w.tariff }), ...rows))
}
