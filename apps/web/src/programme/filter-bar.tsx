import { useId } from 'react';
import type { Cafe } from '#contract';
import { useFormat } from '../shared/format.ts';
import { languages, useContentAttributes, useLocale } from '../shared/words/index.ts';
import { choicesOf, type Filters, noFilters } from './filters.ts';

/** Search, order and filters. `hasPlan`: the person has seats, so that Cafés can be filtered by whether they fit these. */
export function FilterBar(props: {
  cafes: Cafe[];
  filters: Filters;
  found: number;
  hasPlan: boolean;
  change: (filters: Filters) => void;
}) {
  const { cafes, filters, found, hasPlan, change } = props;
  const { locale, words } = useLocale();
  const { tag } = languages[locale];
  const { languageName } = useFormat();
  const contentAttributes = useContentAttributes();
  const set = (part: Partial<Filters>) => change({ ...filters, ...part });
  const narrowed = JSON.stringify({ ...filters, by: 'time' }) !== JSON.stringify(noFilters);
  const toggle = (label: string, on: boolean, press: () => void) => (
    <button type="button" aria-pressed={on} onClick={press}>
      {label}
    </button>
  );
  return (
    <search className="filters">
      <input
        type="search"
        aria-label={words.programme.search}
        placeholder={words.programme.searchHint}
        value={filters.search}
        maxLength={120}
        onChange={(event) => set({ search: event.target.value })}
      />
      <fieldset className="choices">
        <legend className="unseen">{words.programme.order}</legend>
        {toggle(words.programme.byTime, filters.by === 'time', () => set({ by: 'time' }))}
        {toggle(words.programme.byRoom, filters.by === 'room', () => set({ by: 'room' }))}
      </fieldset>
      <fieldset className="choices">
        <legend className="unseen">{words.programme.filter}</legend>
        {toggle(words.programme.free, filters.free, () => set({ free: !filters.free }))}
        {hasPlan && toggle(words.programme.fits, filters.fits, () => set({ fits: !filters.fits }))}
      </fieldset>
      <details className="more" open={Boolean(filters.keyword || filters.host || filters.language)}>
        <summary>{words.programme.filter}</summary>
        <div className="selects">
          <Choice
            label={words.programme.keyword}
            any={words.programme.any}
            value={filters.keyword}
            choices={choicesOf(cafes, (cafe) => cafe.keywords, tag)}
            contentAttributes={contentAttributes}
            choose={(keyword) => set({ keyword })}
          />
          <Choice
            label={words.programme.host}
            any={words.programme.any}
            value={filters.host}
            choices={choicesOf(cafes, (cafe) => cafe.hosts, tag)}
            contentAttributes={contentAttributes}
            choose={(host) => set({ host })}
          />
          <Choice
            label={words.programme.language}
            any={words.programme.anyLanguage}
            value={filters.language}
            choices={choicesOf(cafes, (cafe) => [cafe.language], tag)}
            nameOf={languageName}
            choose={(language) => set({ language })}
          />
        </div>
      </details>
      <p className="found" role="status">
        {words.programme.found(found)}
      </p>
      {narrowed && (
        <button type="button" className="quiet" onClick={() => change({ ...noFilters, by: filters.by })}>
          {words.programme.clear}
        </button>
      )}
    </search>
  );
}

function Choice(props: {
  label: string;
  any: string;
  value: string;
  choices: string[];
  contentAttributes?: { lang?: string };
  nameOf?: (value: string) => string;
  choose: (value: string) => void;
}) {
  const id = useId();
  const { label, any, value, choices, contentAttributes, nameOf = (text) => text, choose } = props;
  // A value from the address that no Café has is shown too, because it explains why nothing is found.
  const all = value === '' || choices.includes(value) ? choices : [value, ...choices];
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => choose(event.target.value)}>
        <option value="">{any}</option>
        {all.map((choice) => (
          <option key={choice} value={choice} {...contentAttributes}>
            {nameOf(choice)}
          </option>
        ))}
      </select>
    </div>
  );
}
