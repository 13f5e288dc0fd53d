import { createRequire } from 'node:module';

// Jest's own sequencer is CommonJS.
const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer');

/** The suites that take longest, in order. If one of them ran last, it would run alone at the end. */
const LONGEST = ['histories', 'faults/', 'browser/', 'torture', 'start.spec', 'worker.spec', 'gateway.spec', 'e2e/'];

/** Runs the longest suites first and the others in the order of Jest, so that two workers end at about the same time. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => LONGEST.findIndex((part) => path.includes(part)) + 1 || LONGEST.length + 1;
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
}
