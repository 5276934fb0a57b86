import * as React from 'react';

import type { EventRecord, EventRecords } from '../model/record';

/** The record of what is at `path`, for as long as the component is there; null before it is. */
export function useRecord(records: EventRecords, path: string): EventRecord | null {
  const [record, setRecord] = React.useState<EventRecord | null>(null);
  React.useEffect(() => {
    setRecord(records.acquire(path));
    return () => {
      records.release(path);
    };
  }, [records, path]);
  return record?.path === path ? record : null;
}
