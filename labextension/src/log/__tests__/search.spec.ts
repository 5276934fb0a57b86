import { findText } from '../search';

beforeAll(() => {
  // The shim of JupyterLab's tests has ranges that hold nothing.
  document.createRange = () => Document.prototype.createRange.call(document);
});

function element(html: string): HTMLElement {
  const root = document.createElement('div');
  root.innerHTML = html;
  return root;
}

test('finds text over the borders of elements, whatever its case', () => {
  const root = element('<pre>one <span>Er</span>ror</pre><pre>an error</pre>');
  expect(findText(root, 'error').map(String)).toEqual(['Error', 'error']);
});

test('takes what is sought as it is written', () => {
  expect(findText(element('a.b axb (a.b)'), 'a.b')).toHaveLength(2);
  expect(findText(element('text'), '')).toEqual([]);
  expect(findText(element('text'), '(')).toEqual([]);
});
