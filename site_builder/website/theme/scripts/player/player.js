// Plays a film beside its steps. Comes at the first tap on one of its controls.
const stage = document.querySelector('.stage')
const play = stage.querySelector('.play')
const failed = stage.querySelector('.failed')
// a step ends where the next one starts, unless it says otherwise
const steps = $$('[data-start]').map((li, at, all) => ({ li, start: +li.dataset.start, end: +(li.dataset.end ?? all[at + 1].dataset.start) }))
const begin = +new URLSearchParams(location.search).get('t') || 0
let media, current, quarter

const make = (name, facts, parent) => parent.appendChild(Object.assign(document.createElement(name), facts))

export const start = (control, at) => {
  const from = at ?? (media ? media.currentTime : begin)
  const sound = 'sound' in control.dataset
  const sources = playable(control)
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
  for (const [type, src] of sources) make('source', { type, src }, media)
  // the last source that fails means that none played
  const mine = media
  media.lastChild.onerror = media.onerror = async () => {
    if (media !== mine) return
    play.hidden = false
    document.body.classList.remove('playing')
    media.remove()
    media = null
    failed.hidden = await newer(failed, sources.at(-1)[1])
  }
  for (const [index, [srclang, label, src]] of JSON.parse(stage.dataset.captions).entries())
    make('track', { kind: 'captions', srclang, label, src, default: !index, onerror: () => newer(failed, src) }, media)
  if (stage.dataset.chapters)
    make('track', { kind: 'chapters', srclang: stage.dataset.lang, label: stage.dataset.said, src: stage.dataset.chapters }, media)
  failed.hidden = true
  play.hidden = true
  if (sound) make('div', { className: 'scene' }, stage)
  stage.append(media)
  document.body.classList.add('playing')
  for (const other of $$('[data-sources]')) other.setAttribute('aria-pressed', other.dataset.sources === control.dataset.sources)
  current = null
  if (from) media.addEventListener('loadedmetadata', () => (media.currentTime = from), { once: true })
  media.addEventListener('timeupdate', follow)
  heard('play', { r: sources[0][1].split('/').at(-1).split('.')[0] })
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

// a step's own second, in whatever is playing
export const seek = at => {
  if (!media) return start(play, at)
  media.currentTime = at
  media.play().catch(() => {})
}

const follow = () => {
  if (!media) return
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
