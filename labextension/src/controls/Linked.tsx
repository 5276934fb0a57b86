import * as React from 'react';

const ADDRESS = /(https?:\/\/\S+)/;

/** Text whose addresses are links, which open another tab. */
export function Linked({ text }: { text: string }): React.ReactElement {
  return (
    <>
      {text.split(ADDRESS).map((part, index) =>
        ADDRESS.test(part) ? (
          <a key={index} href={part} target="_blank" rel="noopener noreferrer">
            {part}
          </a>
        ) : (
          part
        )
      )}
    </>
  );
}
