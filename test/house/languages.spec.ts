import { expect, it } from '@jest/globals';
import { remindersLanguages } from '../../apps/api/src/messages/reminders-page.ts';
import { pageLocales } from '../../apps/web/src/shared/words/index.ts';

it('the page that ends reminders has every language of the pages', () => {
  expect(pageLocales.filter((language) => !(remindersLanguages as string[]).includes(language))).toEqual([]);
});
