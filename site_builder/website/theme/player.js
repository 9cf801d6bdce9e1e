// The film: nothing of it is asked for before a tap. Without this script every control is a link to the file.
{
  const stage = document.querySelector('.stage[data-captions]')
  const probe = document.createElement('video')
  const can = type => !!probe.canPlayType(type)

  // a phone that plays the newer, smaller file is shown that file's price
  for (const one of $$('.price[data-newer]'))
    if (can(one.dataset.type)) {
      one.value = one.dataset.newer
      one.textContent = tag(one.value)
    }

  const film = () => {
    const steps = $$('[data-start]').map(li => ({ li, start: +li.dataset.start, end: +li.dataset.end }))
    const controls = $$('[data-sources]')
    const play = stage.querySelector('.play')
    const failed = stage.querySelector('.failed')
    const begin = +new URLSearchParams(location.search).get('t') || 0
    const captions = JSON.parse(stage.dataset.captions)
    let media, current, quarter

    const make = (name, facts, parent) => parent.appendChild(Object.assign(document.createElement(name), facts))

    const start = (control, at) => {
      const from = at ?? (media ? media.currentTime : begin)
      const sound = 'sound' in control.dataset
      media?.remove()
      stage.querySelector('.scene')?.remove()
      media = document.createElement(sound ? 'audio' : 'video')
      Object.assign(media, { controls: true, playsInline: true, preload: 'none' })
      const still = play.querySelector('img')
      if (still && !sound) {
        media.poster = still.currentSrc
        media.width = still.width
        media.height = still.height
      }
      const sources = playable(control)
      for (const [type, src] of sources) make('source', { type, src }, media)
      // the last source that fails means that none played
      media.lastChild.onerror = media.onerror = () => {
        failed.hidden = false
        play.hidden = false
        document.body.classList.remove('playing')
        media.remove()
        media = null
      }
      for (const [index, [srclang, label, src]] of captions.entries())
        make('track', { kind: 'captions', srclang, label, src, default: !index }, media)
      if (stage.dataset.chapters)
        make('track', { kind: 'chapters', srclang: stage.dataset.lang, label: stage.dataset.said, src: stage.dataset.chapters }, media)
      failed.hidden = true
      play.hidden = true
      if (sound) make('div', { className: 'scene' }, stage)
      stage.append(media)
      document.body.classList.add('playing')
      for (const other of controls) other.setAttribute('aria-pressed', other.dataset.sources === control.dataset.sources)
      current = null
      if (from) media.addEventListener('loadedmetadata', () => (media.currentTime = from), { once: true })
      media.addEventListener('timeupdate', follow)
      heard('play', { r: playable(control)[0][1].split('/').at(-1).split('.')[0] })
      quarter = 0
      // asked where she looks: below the film that has just ended
      media.addEventListener('ended', () => {
        const box = document.querySelector('.verdict')
        if (box && !stage.nextElementSibling.matches('.verdict')) stage.after(box.cloneNode(true))
      })
      media.play().catch(() => {})
      if (sound) scene(null)
      media.focus({ preventScroll: true })
    }

    const playable = control => JSON.parse(control.dataset.sources).filter(([type]) => can(type))

    const follow = () => {
      // the last quarter is nearly over when a film is: it rarely reports its very end
      const come = Math.floor((4 * (media.currentTime + 0.3)) / media.duration)
      if (come > quarter && come < 5) heard(`${25 * (quarter = come)}`)
      const now = steps.find(step => step.start <= media.currentTime && media.currentTime < step.end)
      if (now === current) return
      current?.li.removeAttribute('aria-current')
      current = now
      now?.li.setAttribute('aria-current', 'step')
      if (media.localName === 'audio') scene(now)
    }

    // with sound only, the steps' own stills stand in for the film
    const scene = step => {
      const picture = (step?.li.querySelector('picture') ?? play.querySelector('picture'))?.cloneNode(true)
      if (picture) stage.querySelector('.scene').replaceChildren(picture)
    }

    const button = (link, act) => {
      link.setAttribute('role', 'button')
      link.addEventListener('click', event => {
        event.preventDefault()
        act()
      })
      link.addEventListener('keydown', event => {
        if (event.key === ' ') {
          event.preventDefault()
          act()
        }
      })
    }

    for (const control of controls) {
      // a file that cannot be played here stays what it is, a link to it
      const first = playable(control)[0]
      if (!first) {
        if (control !== play) control.hidden = true
        continue
      }
      control.href = first[1]
      button(control, () => start(control))
    }
    if (!playable(play).length) return
    for (const { li, start: at } of steps) {
      const watch = li.querySelector('.watch')
      if (watch)
        button(watch, () => {
          if (!media) return start(play, at)
          media.currentTime = at
          media.play().catch(() => {})
        })
    }
  }

  // where data is dear or the line is thin, the smallest film is offered first; the others stay below
  const thin = () => {
    const line = navigator.connection
    return line?.saveData || /2g/.test(line?.effectiveType) || matchMedia('(prefers-reduced-data: reduce)').matches
  }

  const smallestFirst = () => {
    const play = stage.querySelector('.play:not([data-sound])')
    const bytes = control => JSON.parse(control.dataset.sources).find(([type]) => can(type))?.[2] ?? Infinity
    const [small] = $$('.choice:not([data-sound])').sort((one, other) => bytes(one) - bytes(other))
    if (!play || !small || bytes(small) >= bytes(play)) return
    $$('.choice.main')[0].classList.remove('main')
    small.classList.add('main')
    play.href = small.href
    play.dataset.sources = small.dataset.sources
    play.querySelector('b').append(`: ${small.querySelector('span').textContent}`)
    play.querySelector('.price').replaceWith(small.querySelector('.price').cloneNode(true))
    for (const tag of $$('.watch .price')) tag.replaceWith(small.querySelector('.price').cloneNode(true))
  }

  if (stage && thin()) smallestFirst()
  if (stage) film()
}
