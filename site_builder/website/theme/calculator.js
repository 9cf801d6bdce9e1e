// How much to buy; loaded when a number is about to be changed. The sum comes with each sign after its two numbers, so it needs no eval: `a b *`.
for (const box of document.querySelectorAll('[data-sum]')) {
  const inputs = [...box.querySelectorAll('input')]
  const act = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
  }
  const answer = () => {
    const values = Object.fromEntries(inputs.map(input => [input.name, input.valueAsNumber]))
    const stack = []
    for (const word of box.dataset.sum.split(' ')) {
      if (act[word]) {
        const right = stack.pop()
        stack.push(act[word](stack.pop(), right))
      } else stack.push(word in values ? values[word] : +word)
    }
    const amount = inputs.every(input => input.value && input.validity.valid) ? stack[0] : NaN
    for (const line of box.querySelectorAll('[data-factor]')) {
      // the crumb taken off keeps 3.0000000001 at 3
      const packs = Math.ceil(amount * line.dataset.factor - 1e-9)
      const known = packs >= 0 && packs < 1e9
      line.querySelector('output').textContent = known ? packs : '–'
      line.querySelector('span').textContent = packs === 1 ? line.dataset.one : line.dataset.many
    }
  }
  box.addEventListener('input', answer)
  answer()
}
