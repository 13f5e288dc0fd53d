/** Words that begin a surname: “de la Fontaine”, “van Gogh”, “El Amrani”. */
const PARTICLES = /^(de|du|des|d|la|le|van|von|der|den|di|da|dos|el|al|ben|bin|ould|ait|aït)$/iu;

/**
 * Returns the sort key of a name: the surname, then the other words. The surname is the words in capitals; if there are none, the last word with
 * the particles before it.
 */
export function sortName(name: string): string {
  const words = name.trim().split(/\s+/u);
  const isCapitals = (word: string) => /\p{Lu}.*\p{Lu}/u.test(word) && word === word.toLocaleUpperCase();
  const capitals = words.filter(isCapitals);
  if (capitals.length > 0 && capitals.length < words.length)
    return [...capitals, ...words.filter((word) => !isCapitals(word))].join(' ');
  let first = words.length - 1;
  while (first > 1 && PARTICLES.test(words[first - 1] ?? '')) first--;
  return [...words.slice(first), ...words.slice(0, first)].join(' ');
}

/** Returns people sorted by surname, in the sort order of a language. */
export function bySurname<Person extends { name: string }>(people: Person[], locale: string): Person[] {
  const { compare } = new Intl.Collator(locale);
  return people
    .map((person) => ({ person, key: sortName(person.name) }))
    .sort((one, other) => compare(one.key, other.key))
    .map(({ person }) => person);
}
