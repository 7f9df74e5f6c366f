import { expect, test } from 'vitest';
import { answerQuestion } from './answer-question.js';
import { splitQuestion } from './split-question.js';
import { synthesize } from './synthesize.js';

const split = (question: string, maxQuestions = 5) => splitQuestion({ question, sources: [], maxQuestions }).questions;
const sources = [
  { title: 'Pumps', text: 'A pump moves heat into a house.\nIt costs electricity. Birds fly.' },
  { title: 'Houses', text: 'Old houses lose heat.' },
];
const answerTo = (question: string) => answerQuestion({ question, context: '', sources });

test('a question is split where another one begins', () => {
  expect(split('How does a pump work, what does it cost, and which houses suit it?')).toEqual([
    'How does a pump work?',
    'What does it cost?',
    'Which houses suit it?',
  ]);
  expect(split('What is new? Why now?')).toEqual(['What is new?', 'Why now?']);
  expect(split('What is a house, which is old and cold, worth?')).toHaveLength(3);
});

test('a question in one part is also asked for what speaks for and against it', () => {
  expect(split('Is salt and pepper good?')).toEqual([
    'Is salt and pepper good?',
    'What speaks for it: Is salt and pepper good?',
    'What speaks against it: Is salt and pepper good?',
  ]);
  expect(split('Is salt good?', 1)).toEqual(['Is salt good?']);
  expect(split('???')).toHaveLength(3);
});

test('an answer quotes the sentences that have the words of the question, with their source', () => {
  expect(answerTo('How does a pump heat a house?')).toEqual({
    question: 'How does a pump heat a house?',
    answer: 'A pump moves heat into a house. Old houses lose heat.',
    evidence: [
      { source: 'Pumps', quote: 'A pump moves heat into a house.' },
      { source: 'Houses', quote: 'Old houses lose heat.' },
    ],
    confidence: 'high',
  });
  expect(answerTo('Who won the cup?')).toMatchObject({
    answer: expect.stringContaining('say nothing'),
    confidence: 'none',
  });
});

test('the synthesis puts the findings side by side and names every gap', () => {
  const findings = [answerTo('How does a pump heat a house?'), answerTo('Who won the cup?')];
  const { answer, keyFindings, gaps } = synthesize({ question: '', findings, unanswered: ['Why?'] });
  expect(answer).toContain('1 of 3 sub-questions');
  expect(answer).toContain('draws no conclusion');
  expect(keyFindings).toEqual([{ finding: 'A pump moves heat into a house.', source: 'Pumps' }]);
  expect(gaps).toEqual(['Not in the sources: Who won the cup?', 'Not answered: Why?']);
});
