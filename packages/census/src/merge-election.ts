import { compareByteOrder } from '@hab/ident';

import type { ElectionRumor } from './rumor.ts';

/** What two records of one election make of each other. */
export interface MergedElection {
  readonly election: ElectionRumor;
  /** Worth telling others. */
  readonly share: boolean;
}

/**
 * Merges what is held about an election with what was received. The rules are tried in order; the winner keeps its
 * own term, status and suitability, and votes of the other are appended to its own.
 *
 * @see spec/ring 9.4
 */
export function mergeElections(stored: ElectionRumor, received: ElectionRumor): MergedElection {
  if (same(stored, received)) return { election: stored, share: false };
  if (received.term >= stored.term && received.status === 'Finished') return { election: received, share: true };
  if (received.term === stored.term && stored.status === 'Finished')
    return { election: withVotes(stored, received), share: true };
  if (stored.term > received.term) return { election: stored, share: true };
  // A later term alone does not win: the better candidate does, then the greater id.
  const receivedWins =
    received.suitability === stored.suitability
      ? compareByteOrder(received.fromId, stored.fromId) > 0
      : received.suitability > stored.suitability;
  const [winner, loser] = receivedWins ? [received, stored] : [stored, received];
  return { election: withVotes(winner, loser), share: true };
}

function withVotes(winner: ElectionRumor, loser: ElectionRumor): ElectionRumor {
  const added = loser.votes.filter((vote) => !winner.votes.includes(vote));
  return added.length === 0 ? winner : { ...winner, votes: [...winner.votes, ...added] };
}

function same(a: ElectionRumor, b: ElectionRumor): boolean {
  return (
    a.fromId === b.fromId &&
    a.term === b.term &&
    a.suitability === b.suitability &&
    a.status === b.status &&
    a.votes.length === b.votes.length &&
    a.votes.every((vote, index) => vote === b.votes[index])
  );
}
