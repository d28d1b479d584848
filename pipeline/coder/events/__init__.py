"""Events of a parsed text, in steps, each a module:

candidates   words that may tell an event, by the triggers of seeds/codebook; frames: what stands in their slots
arguments    who fills their slots, by dependency paths
roles        which actor a slot's phrase stands for; participants: sources, targets and their pairs
composition  what the words above make of it: refused to, will, threatened to, halted
screening    which of all these are events, and political ones; extraction joins all this for a sentence
status, contexts   whether it happened, in which domains
quantities   numbers with hedges and ranges; deeds: what is told of so many; magnitude: the event that each figure belongs to
"""
