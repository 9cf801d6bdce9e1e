// Finds how-tos by words as people type them: any case, no accents, letters missing or in another order.
// Loaded when somebody begins to search; then only the files in which words sound like the typed ones.

const plain = text =>
  text.toLowerCase().normalize('NFKD').replace(/[\u0300-\u036f'’]/g, '').match(/[\p{L}\p{N}_]+/gu) ?? []

// the bones of a word, as search.py has them
const sound = word =>
  word
    .replace(/c(?=[eiy])/g, 's')
    .replaceAll('ph', 'f')
    .replaceAll('ck', 'k')
    .replaceAll('x', 'ks')
    .replaceAll('q', 'k')
    .replaceAll('z', 's')
    .replaceAll('v', 'f')
    .replaceAll('c', 'k')
    .replace(/[aeiouyh]/g, '')
    .replace(/(.)\1+/gs, '$1')
    .slice(0, 5)

const pairs = word => {
  const edged = ` ${word} `
  return Array.from(edged.slice(1), (letter, at) => edged[at] + letter)
}

// how alike two words are, 0 to 1: the same; one begins the other; else by the pairs of letters that they share
const alike = (typed, word) => {
  if (typed === word) return 1
  if (typed.length > 1 && word.startsWith(typed)) return 0.75 + (0.2 * typed.length) / word.length
  if (word.length > 3 && typed.startsWith(word)) return 0.75
  if (typed.length < 3) return 0
  const mine = pairs(typed)
  const rest = pairs(word)
  const all = mine.length + rest.length
  let shared = 0
  for (const pair of mine) {
    const at = rest.indexOf(pair)
    if (at >= 0) {
      shared++
      rest[at] = ''
    }
  }
  // letters in another order (`tpa`) share few pairs
  const shuffled = typed.length === word.length && [...typed].sort().join() === [...word].sort().join()
  return Math.max((2 * shared) / all, shuffled ? 0.7 : 0, sound(typed) === sound(word) && typed.length > 3 ? 0.65 : 0) * 0.9
}

const WEIGHTS = [0.15, 0.25, 0.7, 1]
const SURE = 0.7

// how-to: score, for one typed word, by its nearest word of each
const near = async (word, { starts }, load) => {
  const found = new Map()
  const looked = new Set()
  let best = 0
  const look = async at => {
    if (looked.has(at) || !(at in starts)) return
    looked.add(at)
    for (const [known, marks] of Object.entries(await load(`w${at}`))) {
      const like = alike(word, known)
      if (like < 0.5) continue
      best = Math.max(best, like)
      for (const mark of marks) {
        const score = like ** 2 * WEIGHTS[mark & 3]
        if (score > (found.get(mark >> 2) ?? 0)) found.set(mark >> 2, score)
      }
    }
  }
  const place = bones => starts.findLastIndex(start => start <= bones)
  const bones = sound(word)
  const [one, two = '', ...rest] = bones
  const at = place(bones)
  await look(at)
  // not sure yet, all at once: the rest of a word that is still being typed, its neighbours, and what sounds a little different,
  // where two letters changed places or one was not heard
  const others = [`${bones}~`, two + one + rest.join(''), one + rest.join(''), two + rest.join(''), one + two + rest.slice(1).join('')]
  if (best < SURE) await Promise.all([at - 1, at + 1, ...(two ? others : others.slice(0, 1)).map(place)].map(look))
  return [found, best]
}

// `facts`: what search.py says of the index. `load` brings a file of it. Gives the best how-tos' numbers, best first, and whether half of
// the words at least were surely understood
export const find = async (query, facts, load) => {
  const about = { starts: ['', ...facts.starts.split(' ').filter(Boolean)] }
  const empty = new Set(facts.empty.split(' '))
  const typed = [...new Set(plain(query))]
  const telling = typed.filter(word => !empty.has(word))
  const asked = telling.length ? telling : typed
  const scores = new Map()
  let understood = 0
  for (const [found, best] of await Promise.all(asked.map(word => near(word, about, load)))) {
    if (best >= SURE) understood++
    const had = [...found.values()].reduce((sum, score) => sum + score, 0)
    const rare = 1 + Math.log(1 + facts.count / (1 + had))
    for (const [at, score] of found) scores.set(at, (scores.get(at) ?? 0) + score * rare)
  }
  const ranked = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0])
  return { found: ranked.filter(([, score]) => score > ranked[0][1] * 0.3), sure: understood * 2 >= asked.length }
}
