// The film's controls: what each costs on this phone, and which is offered first. What plays a film comes at the first
// tap (player.js). Without this script every control is a link to the file.
const can = type => document.createElement('video').canPlayType(type)
const NEWER = 'video/mp4;codecs=av01.0.04M.08'
const playable = control => JSON.parse(control.dataset.sources).filter(([type]) => can(type))
{
  const stage = document.querySelector('.stage[data-captions]')

  // where data is dear or the line is thin, the smallest film is offered first; the others stay below
  const thin = (line = navigator.connection) => line?.saveData || /2g/.test(line?.effectiveType) || matchMedia('(prefers-reduced-data: reduce)').matches

  const smallestFirst = () => {
    const play = stage.querySelector('.play:not([data-sound])')
    const bytes = control => playable(control)[0]?.[2] ?? Infinity
    const [small] = $$('.choice:not([data-sound])').sort((one, other) => bytes(one) - bytes(other))
    if (!play || !small || bytes(small) >= bytes(play)) return
    $$('.choice.main')[0].classList.remove('main')
    small.classList.add('main')
    play.href = small.href
    play.dataset.sources = small.dataset.sources
    play.querySelector('b').append(`: ${small.querySelector('span').textContent}`)
  }

  const showPrice = (one, bytes) => (one.textContent = tag((one.value = bytes)))

  const button = (link, name, ...about) =>
    press(link, () =>
      import(new URL(stage.dataset.script, location)).then(
        player => player[name](...about),
        // no connection: the file itself, if it can be had
        async () => {
          if (!(await newer(link, stage.dataset.script))) location = link.href
        },
      ),
    )

  for (const one of $$('[data-newer]')) if (can(NEWER)) showPrice(one, one.dataset.newer)
  if (stage) {
    if (thin()) smallestFirst()
    const play = stage.querySelector('.play')
    for (const control of $$('[data-sources]')) {
      // a file that cannot be played here stays what it is, a link to it
      const [first] = playable(control)
      if (first) {
        control.href = first[1]
        // a phone that plays the newer file is shown that file's price
        for (const one of $$('.price', control)) showPrice(one, first[2])
        if (control === play) for (const one of $$('.watch .price')) showPrice(one, first[2])
        button(control, 'start', control)
      } else if (control !== play) control.hidden = true
    }
    if (playable(play)[0]) for (const li of $$('[data-start]')) for (const link of $$('.watch', li)) button(link, 'seek', +li.dataset.start)
  }
}
