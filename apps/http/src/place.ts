/** Where a request goes. */
export interface Place {
  /** In small letters, without brackets. */
  readonly host: string;
  readonly port: number;
  /** Which port is the usual one: that of https or that of http. */
  readonly way: 'tunnel' | 'plain';
}
