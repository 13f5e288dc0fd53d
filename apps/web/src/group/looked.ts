import type { Delegation, DelegationPreview } from '#contract';
import type { Person } from '../shared/registrations/booked-groups.ts';

/** A person of a group, and what stands in their way. */
export type Looked = Person & { outcome: DelegationPreview['people'][number]['outcome'] };

/** What is to happen when seats are few: all of them or nobody, or as many as possible. */
export type Mode = Delegation['mode'];
