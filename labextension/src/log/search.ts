/** Finding text in an element, and marking it without changing the element. */

const MOST_MATCHES = 1_000;

/** The places of `query` in the text below `root`, whatever the case of letters. */
export function findText(root: HTMLElement, query: string): Range[] {
  if (!query) {
    return [];
  }
  const nodes = textNodes(root);
  const text = nodes.map(node => node.data).join('');
  const pattern = new RegExp(query.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');
  const ranges: Range[] = [];
  let node = 0;
  let before = 0; // how much text is in the nodes before that one
  const place = (offset: number): [Node, number] => {
    for (let length = lengthAt(nodes, node); before + length < offset; length = lengthAt(nodes, node)) {
      before += length;
      node += 1;
    }
    return [nodes[node] ?? root, offset - before];
  };
  for (const match of text.matchAll(pattern)) {
    const range = document.createRange();
    range.setStart(...place(match.index));
    range.setEnd(...place(match.index + match[0].length));
    if (ranges.push(range) === MOST_MATCHES) {
      break;
    }
  }
  return ranges;
}

/** Mark the ranges, the current one strongly; browsers without highlights select the current one. */
export function markRanges(ranges: readonly Range[], current: Range | undefined): void {
  if (typeof Highlight !== 'undefined') {
    CSS.highlights.set('jp-Containerize-match', new Highlight(...ranges));
    CSS.highlights.set('jp-Containerize-current', new Highlight(...(current ? [current] : [])));
  } else if (current) {
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(current);
  }
}

export function clearMarks(): void {
  markRanges([], undefined);
}

function textNodes(root: HTMLElement): Text[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  while (walker.nextNode()) {
    nodes.push(walker.currentNode as Text);
  }
  return nodes;
}

function lengthAt(nodes: readonly Text[], index: number): number {
  return nodes[index]?.length ?? Infinity;
}
