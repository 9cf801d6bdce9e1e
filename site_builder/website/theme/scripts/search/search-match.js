// Finds how-tos by words as people type them: any case, no accents, letters missing or in another order.
// Loaded when somebody begins to search; then only the files in which words sound like the typed ones.

// what is written in several ways becomes one: the patterns are search.py's, so that both read alike
const replaced = (text, pairs) => pairs.reduce((now, [written, read]) => now.replace(RegExp(written, 'gu'), read), text)
const plain = text =>
  (replaced(text.normalize('NFKD').toLowerCase(), facts.folds).match(/[\p{L}\p{N}\p{M}_]+/gu) ?? []).map(word => replaced(word, facts.alone))

// the bones of a word
const sound = word => [...replaced(word, facts.sounds).replace(/(.)\1+/gsu, '$1')].slice(0, 5).join('')

const pairs = word => {
  const edged = ` ${word} `
  return Array.from(edged.slice(1), (letter, at) => edged[at] + letter)
}

// how alike two words are, 0 to 1: the same; one begins the other; else by the pairs of letters that they share
const alike = (typed, word) => {
  if (typed === word) return 1
  if (typed.length > 1 && word.startsWith(typed)) return 0.75 + (0.2 * typed.length) / word.length
  if (word.length > 3 && typed.startsWith(word)) return 0.5 + (0.35 * word.length) / typed.length
  // another number is another thing
  if (typed.length < 3 || /\d/.test(typed + word)) return 0
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
  return Math.max((2 * shared) / all, shuffled ? 0.8 : 0, sound(typed) === sound(word) && typed.length > 3 ? 0.65 : 0) * 0.9
}

// by where a how-to has a word, from its steps to its title: what that adds to its place, and how much of the word it answers
const WEIGHTS = [0.15, 0.25, 0.7, 1]
const SHARES = [0.5, 0.75, 1, 1]
const SURE = 0.7
const MOST = 12 // words of a query

// how-to: score and share for one typed word, by its nearest word of each; and how alike the nearest of all is
const near = async (word, starts, load, exactly) => {
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
      for (const mark of marks)
        better(found, mark >> 2, like ** 2 * WEIGHTS[mark & 3], Math.min(1, 2.5 * like - 1.25) * SHARES[mark & 3])
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
  if (best < SURE && !exactly) await Promise.all([at - 1, at + 1, ...(two ? others : others.slice(0, 1)).map(place)].map(look))
  return [found, best]
}

const better = (found, at, score, share) => {
  const [some, part] = found.get(at) ?? [0, 0]
  found.set(at, [Math.max(some, score), Math.max(part, share)])
}

// how-tos by all words of a query: [number, score, share of the query that it answers], best first. Rare words count more, and one that
// nothing has most of all: "geyser burst" is no half about a geyser
const rank = (words, count) => {
  const scores = new Map()
  let all = 0
  for (const [found] of words) {
    let had = 0
    for (const [score] of found.values()) had += score
    const rare = 1 + Math.log(1 + count / (1 + had))
    all += rare
    for (const [at, [score, share]] of found) {
      const row = scores.get(at) ?? [at, 0, 0]
      scores.set(at, [at, row[1] + score * rare, row[2] + share * rare])
    }
  }
  return [...scores.values()].map(([at, score, share]) => [at, score, share / all]).sort((a, b) => b[1] - a[1] || a[0] - b[0])
}

// `facts`: what search.py says of the index. `load` brings a file of it. Gives [number, score, share] of the best how-tos, best first, and
// whether that is what she asked for: then those alone that answer half of it at least, with the categories among them
export const find = async (query, facts, load) => {
  const starts = ['', ...facts.starts.split(' ').filter(Boolean)]
  const empty = new Set(facts.empty.split(' '))
  const typed = plain(query).slice(0, MOST) // each word asks for files
  const telling = [...new Set(typed.filter(word => !empty.has(word) && [...word].length > 1))]
  const asked = telling.length ? telling : [...new Set(typed)]
  const words = await Promise.all(asked.map(word => near(word, starts, load)))
  let ranked = rank(words, facts.count)
  const sure = () => ranked[0]?.[2] >= 0.5
  if (!sure() && typed.length > 1) {
    // what she wrote in two may be one word: `water proof`, or all of it a product's number
    const runs = [typed, ...typed.slice(1).map((_, at) => typed.slice(at, at + 2))]
    const wholes = await Promise.all(runs.map(run => near(run.join(''), starts, load, true)))
    for (const [place, run] of runs.entries()) {
      const [whole] = wholes[place]
      for (const [at, [score, share]] of whole)
        if (share > 0.7) for (const word of run) if (asked.includes(word)) better(words[asked.indexOf(word)][0], at, score, share)
    }
    ranked = rank(words, facts.count)
  }
  if (!sure()) return { found: ranked.filter(([, score]) => score > ranked[0][1] * 0.3), sure: false }
  const category = ([at, , share]) => at >= facts.count && share >= ranked[0][2]
  const fits = ranked.filter(one => one[2] >= 0.5 && (category(one) || one[1] > ranked[0][1] * 0.3))
  // a how-to first, unless the category is far more what she asked for
  const best = fits.find(one => one[0] < facts.count && one[2] > ranked[0][2] - 0.25) ?? fits[0]
  const rest = fits.filter(one => one !== best)
  return { found: [best, ...rest.filter(category), ...rest.filter(one => !category(one))], sure: true }
}
