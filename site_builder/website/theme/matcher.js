// Finds how-tos by words as people type them: any case, no accents, letters missing or in another order.
// Loaded with the list of words when somebody begins to search, and not before.

const plain = text =>
  text.toLowerCase().normalize('NFKD').replace(/[\u0300-\u036f'’]/g, '').match(/[\p{L}\p{N}_]+/gu) ?? []

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
  return Math.max((2 * shared) / all, shuffled ? 0.7 : 0) * 0.9
}

export const learn = ({ empty, rows }) => {
  const words = new Map()
  rows.forEach((row, at) => {
    const add = (text, weight) => {
      for (const word of plain(text)) {
        if (!words.has(word)) words.set(word, new Map())
        const seen = words.get(word)
        seen.set(at, Math.max(seen.get(at) ?? 0, weight))
      }
    }
    add(row[8], 0.4)
    add(row[7], 0.8)
    add(row[2], 1)
  })
  return { empty: new Set(plain(empty)), rows, words }
}

// each typed word counts by its nearest word of a how-to, and the more the fewer how-tos have it
export const search = (index, query) => {
  const typed = plain(query)
  const telling = typed.filter(word => !index.empty.has(word))
  const scores = new Map()
  for (const word of telling.length ? telling : typed) {
    const best = new Map()
    for (const [known, seen] of index.words) {
      const near = alike(word, known) ** 2
      if (near < 0.25) continue
      for (const [at, weight] of seen) best.set(at, Math.max(best.get(at) ?? 0, near * weight))
    }
    const had = [...best.values()].reduce((sum, score) => sum + score, 0)
    const rare = 1 + Math.log(1 + index.rows.length / (1 + had))
    for (const [at, score] of best) scores.set(at, (scores.get(at) ?? 0) + score * rare)
  }
  const ranked = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0])
  return ranked.filter(([, score]) => score > ranked[0][1] * 0.25).slice(0, 20).map(([at]) => index.rows[at])
}
